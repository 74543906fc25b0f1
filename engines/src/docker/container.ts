/** A container to start; what it needs beyond its image. */
export type ContainerSpec = {
  /** Port in the container to port on 127.0.0.1. */
  readonly ports: Readonly<Record<number, number>>
  /** Where in the container its data is. */
  readonly volume?: string
  readonly environment?: Readonly<Record<string, string>>
  /** What is run in place of the image's own command. */
  readonly command?: readonly string[]
}

/** Label of every container that we start: its engine. */
const LABEL = 'commerce-mesh.engine'

/** The request that makes a container, as Docker's API wants it. */
export const createRequest = (
  engine: string,
  name: string,
  image: string,
  { ports, volume, environment = {}, command }: ContainerSpec,
) => ({
  name,
  Image: image,
  Labels: { [LABEL]: engine },
  Env: Object.entries(environment).map(([key, value]) => `${key}=${value}`),
  ...(command === undefined ? {} : { Cmd: [...command] }),
  ExposedPorts: Object.fromEntries(Object.keys(ports).map((port) => [`${port}/tcp`, {}])),
  HostConfig: {
    // testcontainers' own port mapping listens on every address; an engine without a password must not.
    PortBindings: Object.fromEntries(
      Object.entries(ports).map(([inside, outside]) => [
        `${inside}/tcp`,
        [{ HostIp: '127.0.0.1', HostPort: String(outside) }],
      ]),
    ),
    Binds: volume === undefined ? [] : [`${name}:${volume}`],
  },
})
