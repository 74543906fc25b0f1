import type { EventContract } from '@commerce-mesh/contracts'
import { describe, expect, it } from '@jest/globals'
import { z } from 'zod'
import { postedV2, serviceOf, stamped, takes } from '../routes/letter.fixture.ts'
import { type Source, defineSource } from '../source/source.ts'
import { parseConfig } from './parse-config.ts'
import type { ParseOptions } from './parse-config.ts'
import type { CheckedMesh } from './wiring-problems.ts'

const plain = (contract: object) => contract as EventContract

const post = serviceOf('post', [], { emits: [plain(postedV2)] })
const office = serviceOf('office', [takes(postedV2, 'sort', { emits: [] })])
const edge = serviceOf('edge', [takes(postedV2, 'show')], { journaled: false, servesSources: true })

const courier = defineSource({
  name: 'courier',
  emits: [plain(postedV2)],
  options: z.strictObject({ secrets: z.array(z.string()).default([]) }),
  secrets: ({ secrets }) => secrets,
  verify: () => false,
  read: () => ({ ignored: 'all' }),
})

const sourced = (source: object = courier) => ({
  sources: [{ source: source as Source<never>, path: ['sources', 'courier'] }],
})

const meshOf = (more: Partial<CheckedMesh> = {}): CheckedMesh => ({
  services: [post, office, edge],
  contracts: [],
  sources: [],
  problems: [],
  ...more,
})

const found = (text: string, mesh: CheckedMesh = meshOf(), more: Partial<ParseOptions> = {}) =>
  parseConfig(text, {
    file: 'mesh.yaml',
    env: {},
    services: mesh.services as never,
    mesh,
    ...more,
  }).findings.map(({ code, line, column, path }) => `${code} ${line}:${column} ${path}`)

const failed = {
  code: 'MESH_PLUGIN_LOAD' as const,
  path: ['plugins', 0],
  message: 'certificates: it is not there.',
}

describe('what is wrong with who gets what', () => {
  it('is told of every route that has its form, at its place, beside those that have not', () =>
    expect(
      found(
        'routes:\n' +
          '  - { event: letter.postd.v2, to: office }\n' +
          '  - { to: office }\n' +
          '  - letter.posted.v2\n' +
          '  - { event: letter.posted.v2, to: office, when: { field: weight, equals: 1 } }\n',
      ),
    ).toEqual([
      'MESH_ROUTE_EVENT_UNKNOWN 2:14 routes.0.event',
      'MESH_CONFIG_MISSING 3:5 routes.1.event',
      'MESH_CONFIG_TYPE 4:5 routes.2',
      'MESH_ROUTE_FIELD_UNKNOWN 5:59 routes.3.when.field',
    ]))

  it('is not guessed where a producer has not its form', () => {
    const waits = meshOf({ services: [serviceOf('shelf', [takes(stamped, 'file')])] })
    expect(found('', waits)).toEqual(['MESH_EVENT_UNEMITTED 1:1 services.shelf'])
    expect(found(`producers:\n  - { source: /stamps, emits: ${stamped.type} }\n`, waits)).toEqual([
      'MESH_CONFIG_TYPE 2:31 producers.0.emits',
    ])
    expect(found(`producers:\n  - { source: example shop, emits: [${stamped.type}] }\n`, waits)).toContain(
      'MESH_CONFIG_VALUE 2:15 producers.0.source',
    )
    expect(
      found(`producers:\n  - { source: /a }\n  - { source: /b, emits: [letter.lost.v1] }\n`, waits),
    ).toEqual([
      'MESH_CONFIG_MISSING 2:5 producers.0.emits',
      'MESH_OUTSIDE_EVENT_UNKNOWN 3:27 producers.1.emits.0',
    ])
  })

  it('is not guessed where a plugin could not be loaded: what is unknown may be its', () => {
    const text =
      'plugins: [./certificates.js]\n' +
      'routes: [{ event: certificate.printed.v1, to: certificates }]\n' +
      'consumers: [{ name: archive, reads: [certificate.printed.v1] }]\n' +
      'sources: { printer: {} }\n' +
      'services: { certificates: {}, office: { colour: red } }\n'
    const rest = ['MESH_CONFIG_UNKNOWN_KEY 5:41 services.office.colour']
    expect(found(text, meshOf({ problems: [failed] }))).toEqual(['MESH_PLUGIN_LOAD 1:11 plugins.0', ...rest])
    expect(found(text, meshOf())).toEqual([
      'MESH_ROUTE_EVENT_UNKNOWN 2:19 routes.0.event',
      'MESH_OUTSIDE_EVENT_UNKNOWN 3:38 consumers.0.reads.0',
      'MESH_CONFIG_UNKNOWN_KEY 4:12 sources.printer',
      'MESH_CONFIG_UNKNOWN_KEY 5:13 services.certificates',
      ...rest,
    ])
  })

  it('is told once where a variable is not set', () => {
    expect(found('routes:\n  - event: ${EVENT}\n    to: office\n')).toEqual([
      'MESH_CONFIG_ENV_MISSING 2:12 routes.0.event',
    ])
    expect(found('sources:\n  courier:\n    secrets: ["${SECRET}"]\n', meshOf(sourced()))).toEqual([
      'MESH_CONFIG_ENV_MISSING 3:15 sources.courier.secrets.0',
    ])
  })

  it('stands where the plugin is listed that it is about, unless the file has a section for it', () => {
    const shelf = serviceOf('shelf', [takes(stamped, 'file')])
    const mesh = meshOf({ services: [post, edge, shelf], origins: new Map([['services.shelf', 1]]) })
    const plugins = 'plugins:\n  - ./one.js\n  - ./shelf.js\n'
    expect(found(plugins, mesh)).toEqual(['MESH_EVENT_UNEMITTED 3:5 services.shelf'])
    expect(found(`${plugins}services:\n  shelf: {}\n`, mesh)).toEqual([
      'MESH_EVENT_UNEMITTED 5:3 services.shelf',
    ])
  })
})

describe('a webhook of a plugin', () => {
  const secret = 'sources: { courier: { secrets: ["${SECRET:-s}"] } }\n'
  const none = 'MESH_SOURCE_SECRET 1:1 sources.courier'

  it('needs a secret', () => {
    expect(found('', meshOf(sourced()))).toEqual([none])
    expect(found('sources: { courier: {} }', meshOf(sourced()))).toEqual([
      'MESH_SOURCE_SECRET 1:12 sources.courier',
    ])
    expect(found('sources: { courier: { secrets: [""] } }', meshOf(sourced()))).toHaveLength(1)
    expect(found(secret, meshOf(sourced()))).toEqual([])
  })

  it('is another’s business where its section is not read', () => {
    const alone = { services: [office] as never, elsewhere: ['post', 'edge'] }
    expect(found(secret, meshOf(sourced()), alone)).toEqual([])
    expect(found('', meshOf(sourced()), alone)).toEqual([])
    expect(found('', meshOf(sourced()), { services: [], elsewhere: 'others' })).toEqual([])
    expect(
      found('', meshOf(sourced()), { services: [edge] as never, elsewhere: ['post', 'office'] }),
    ).toEqual([none])
  })

  it('has none where it fails to say', () => {
    const throwing = { ...courier, secrets: () => JSON.parse('no secret') as string[] }
    expect(found(secret, meshOf(sourced(throwing)))).toHaveLength(1)
  })

  it('of the mesh itself needs one only where something is written about it', () => {
    const own = meshOf({
      sources: [{ source: courier as unknown as Source<never>, path: ['services', 'edge', 'courier'] }],
      services: [
        post,
        office,
        serviceOf('edge', [], {
          servesSources: true,
          options: z.strictObject({ courier: courier.options.optional() }),
        }),
      ],
    })
    expect(found('', own)).toEqual([])
    expect(found('services: { edge: { courier: {} } }', own)).toEqual([
      'MESH_SOURCE_SECRET 1:21 services.edge.courier',
    ])
  })
})
