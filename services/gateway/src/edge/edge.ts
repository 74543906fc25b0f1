import { once } from 'node:events'
import { type RequestListener, type Server, createServer } from 'node:http'
import { MeshError } from '@commerce-mesh/mesh'
import type { GatewayOptions } from '../options.ts'
import { onClientError } from './client-error.ts'

/** The HTTP server of the gateway. */
export type Edge = {
  /** Answers where it listens. @throws MeshError MESH_PORT_TAKEN */
  open(): Promise<string>
  /** Stops accepting, lets running requests finish within the grace time, then closes what is left. */
  close(): Promise<void>
  /** Where it listens, e.g. `http://127.0.0.1:8080`; undefined while it does not. */
  readonly url: () => string | undefined
}

/** What the server takes from the options. */
export type EdgeOptions = Pick<
  GatewayOptions,
  'host' | 'port' | 'maxConnections' | 'headersTimeoutMs' | 'requestTimeoutMs' | 'keepAliveMs' | 'graceMs'
>

const MAX_HEADER_BYTES = 16_384
const MAX_HEADERS = 100
/** How often connections are looked at for slow requests, and for idle ones while closing. */
const CHECK_MS = 1_000
const CLOSING_CHECK_MS = 50

const makeServer = (app: RequestListener, options: EdgeOptions): Server => {
  const server = createServer(
    {
      maxHeaderSize: MAX_HEADER_BYTES,
      headersTimeout: Math.min(options.headersTimeoutMs, options.requestTimeoutMs),
      requestTimeout: options.requestTimeoutMs,
      keepAliveTimeout: options.keepAliveMs,
      connectionsCheckingInterval: Math.min(CHECK_MS, options.headersTimeoutMs),
    },
    app,
  )
  server.maxHeadersCount = MAX_HEADERS
  server.maxConnections = options.maxConnections
  server.on('clientError', onClientError)
  return server
}

const cannotListen = (error: NodeJS.ErrnoException, { host, port }: EdgeOptions): unknown => {
  if (error.code === 'EADDRINUSE')
    return new MeshError(
      'MESH_PORT_TAKEN',
      `Port ${port} on ${host} is taken: another process listens there.`,
      { cause: error },
    )
  if (error.code === 'EACCES')
    return new MeshError(
      'MESH_PORT_TAKEN',
      `This user may not listen on port ${port}; ports below 1024 need a right of their own.`,
      { cause: error },
    )
  if (error.code === 'EADDRNOTAVAIL' || error.code === 'ENOTFOUND')
    return new MeshError(
      'MESH_CONFIG_INVALID',
      `This machine has no address '${host}' (services.gateway.host).`,
      {
        cause: error,
      },
    )
  return error
}

const urlOf = (server: Server): string | undefined => {
  const address = server.address()
  if (address === null || typeof address === 'string') return undefined
  return `http://${address.family === 'IPv6' ? `[${address.address}]` : address.address}:${address.port}`
}

const stop = async (server: Server, graceMs: number): Promise<void> => {
  const closed = once(server, 'close')
  server.close()
  // A connection becomes idle only when its running request has been answered.
  const idle = setInterval(() => server.closeIdleConnections(), CLOSING_CHECK_MS)
  const rest = setTimeout(() => server.closeAllConnections(), graceMs)
  await closed
  clearInterval(idle)
  clearTimeout(rest)
}

/** Makes the server; it listens from `open` on. */
export const createEdge = (app: RequestListener, options: EdgeOptions): Edge => {
  const server = makeServer(app, options)
  return {
    open: async () => {
      server.listen(options.port, options.host)
      try {
        await once(server, 'listening')
      } catch (thrown) {
        throw cannotListen(thrown as NodeJS.ErrnoException, options)
      }
      return urlOf(server) ?? ''
    },
    close: async () => {
      if (server.listening) await stop(server, options.graceMs)
    },
    url: () => urlOf(server),
  }
}
