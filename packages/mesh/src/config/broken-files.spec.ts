import { describe, expect, it } from '@jest/globals'
import type { ConfigCode } from '../finding/finding.ts'
import { parseConfig } from './parse-config.ts'
import { desk, shop } from './shop.fixture.ts'

const parse = (
  text: string,
  env: Record<string, string> = {},
  services: Parameters<typeof parseConfig>[1]['services'] = [shop],
) => parseConfig(text, { file: 'mesh.yaml', env, services })

const located = (text: string, env?: Record<string, string>) =>
  parse(text, env).findings.map(
    ({ severity, code, line, column, path }) => `${severity} ${code} ${line}:${column} ${path}`,
  )

/** Text, finding with its place, what the message says, what the fix says. */
const BROKEN: readonly (readonly [name: string, text: string, at: string, message: RegExp, fix: RegExp])[] = [
  [
    'misspelt key',
    'deadlinMs: 5\n',
    'MESH_CONFIG_UNKNOWN_KEY 1:1 deadlinMs',
    /no setting 'deadlinMs' in the top level/,
    /Did you mean 'deadlineMs'\?/,
  ],
  [
    'instrumentation of what the mesh shows itself',
    'telemetry:\n  instrumentations: [dns, http]\n',
    'MESH_CONFIG_VALUE 2:27 telemetry.instrumentations.1',
    /^'http' is not needed and would show everything twice: the gateway/,
    /./,
  ],
  [
    'misspelt instrumentation',
    'telemetry:\n  instrumentations: [mongdb]\n',
    'MESH_CONFIG_VALUE 2:22 telemetry.instrumentations.0',
    /^there is no instrumentation 'mongdb'/,
    /^Did you mean 'mongodb'\?$/,
  ],
  [
    'misspelt key below',
    'retry:\n  factor: 2\n  maxMS: 9\n  windowHour: 1\n',
    'MESH_CONFIG_UNKNOWN_KEY 4:3 retry.windowHour',
    /in 'retry'/,
    /'windowHours'/,
  ],
  [
    'key of another section',
    'port: 9\n',
    'MESH_CONFIG_UNKNOWN_KEY 1:1 port',
    /no setting 'port'/,
    /elsewhere: 'status.port' or 'services.shop.port'/,
  ],
  [
    'strange key',
    'bus:\n  flux: 9\n',
    'MESH_CONFIG_UNKNOWN_KEY 2:3 bus.flux',
    /flux/,
    /Known here: driver, partitions/,
  ],
  [
    'unknown service',
    'services:\n  shopp: {}\n',
    'MESH_CONFIG_UNKNOWN_KEY 2:3 services.shopp',
    /in 'services'/,
    /'shop'/,
  ],
  [
    'key in a list',
    'services:\n  shop:\n    callers:\n      - name: a\n        key: ${K}\n        scope: x\n',
    'MESH_CONFIG_UNKNOWN_KEY 6:9 services.shop.callers.0.scope',
    /scope/,
    /Known here: name, key/,
  ],
  [
    'text for a number',
    'deadlineMs: soon\n',
    'MESH_CONFIG_TYPE 1:13 deadlineMs',
    /is text; it must be a whole number, 10 to 3600000/,
    /type/,
  ],
  ['number for text', 'data: 12\n', 'MESH_CONFIG_TYPE 1:7 data', /is a number; it must be text/, /quotes/],
  [
    'list for a section',
    'retry: [1]\n',
    'MESH_CONFIG_TYPE 1:8 retry',
    /is a list; it must be a section/,
    /type/,
  ],
  ['empty section', 'retry:\n', 'MESH_CONFIG_TYPE 1:7 retry', /is empty; it must be a section/, /type/],
  ['list for the whole', '- a\n', 'MESH_CONFIG_TYPE 1:1 ', /is a list; it must be a section/, /type/],
  [
    'fraction',
    'bus: { partitions: 1.5 }',
    'MESH_CONFIG_TYPE 1:20 bus.partitions',
    /whole number, 1 to 1000/,
    /type/,
  ],
  [
    'out of range',
    'bus:\n  partitions: 0\n',
    'MESH_CONFIG_VALUE 2:15 bus.partitions',
    /must be a whole number, 1 to 1000/,
    /range/,
  ],
  [
    'not an option',
    'log:\n  level: warning\n',
    'MESH_CONFIG_VALUE 2:10 log.level',
    /`trace`, `debug`/,
    /see|range|Did you mean 'warn'/,
  ],
  [
    'other driver',
    'bus:\n  driver: pulsar\n',
    'MESH_CONFIG_VALUE 2:11 bus.driver',
    /must be `embedded`, `kafka`/,
    /range/,
  ],
  [
    'Kafka without brokers',
    'bus:\n  driver: kafka\n',
    'MESH_CONFIG_CONTRADICTION 2:3 bus.driver',
    /nothing says how to reach it/,
    /bootstrapServers/,
  ],
  [
    'MongoDB without an address',
    'store: { driver: mongodb }\n',
    'MESH_CONFIG_CONTRADICTION 1:10 store.driver',
    /nothing says how to reach it/,
    /mongodb\.url/,
  ],
  [
    'brokers that are no addresses',
    'bus: { driver: kafka, kafka: { bootstrapServers: kafka } }\n',
    'MESH_CONFIG_VALUE 1:50 bus.kafka.bootstrapServers',
    /must be host:port/,
    /form/,
  ],
  [
    'more replicas in sync than there are',
    'bus: { driver: kafka, kafka: { bootstrapServers: "a:9092", minInsyncReplicas: 4 } }\n',
    'MESH_CONFIG_CONTRADICTION 1:60 bus.kafka.minInsyncReplicas',
    /nothing could be accepted/,
    /Lower/,
  ],
  [
    'bad form',
    'services: { shop: { lms: { url: lms.example.com } } }',
    'MESH_CONFIG_VALUE 1:33 services.shop.lms.url',
    /must be a URL/,
    /form/,
  ],
  [
    'missing setting',
    'services:\n  shop:\n    lms: {}\n',
    'MESH_CONFIG_MISSING 3:5 services.shop.lms.url',
    /is missing; it must be a URL/,
    /Add it/,
  ],
  [
    'no such alternative',
    'services: { shop: { lms: { url: "http://a", auth: { kind: basic } } } }',
    'MESH_CONFIG_VALUE 1:59 services.shop.lms.auth.kind',
    /must be/,
    /./,
  ],
  [
    'variable not set',
    'data: ${MESH_DATA}\n',
    'MESH_CONFIG_ENV_MISSING 1:7 data',
    /MESH_DATA is not set/,
    /\$\{MESH_DATA:-default\}/,
  ],
  [
    'reference left open',
    'data: ${MESH_DATA\n',
    'MESH_CONFIG_ENV_SYNTAX 1:7 data',
    /'\$\{MESH_DATA'/,
    /\$\$\{/,
  ],
  [
    'variable of the wrong type',
    'deadlineMs: ${WORD}\n',
    'MESH_CONFIG_TYPE 1:13 deadlineMs',
    /it must be a whole number/,
    /type/,
  ],
  ['key twice', 'data: a\ndata: b\n', 'MESH_CONFIG_DUPLICATE_KEY 2:1 ', /twice/, /Keep one/],
  ['tab', 'retry:\n\tfactor: 2\n', 'MESH_CONFIG_YAML 2:1 ', /[Tt]ab/, /tabs/],
  ['quote left open', 'data: "a\n', 'MESH_CONFIG_YAML 2:1 ', /quote/i, /quotes/],
  ['two documents', 'data: a\n---\ndata: b\n', 'MESH_CONFIG_YAML 2:1 ', /multiple documents/, /line/],
  ['alias of itself', '&a [*a]\n', 'MESH_CONFIG_YAML 1:1 ', /alias/, /./],
  [
    'first pause above the longest',
    'retry:\n  initialMs: 5000\n  maxMs: 1000\n',
    'MESH_CONFIG_CONTRADICTION 2:3 retry.initialMs',
    /5000 ms.*1000 ms/,
    /retry.maxMs/,
  ],
  [
    'retry time too short',
    'retry: { windowHours: 0.0001 }',
    'MESH_CONFIG_CONTRADICTION 1:10 retry.windowHours',
    /0.0001 h/,
    /windowHours/,
  ],
  [
    'cool-down above the longest',
    'breaker: { coolDownMs: 60000 }',
    'MESH_CONFIG_CONTRADICTION 1:12 breaker.coolDownMs',
    /60000 ms.*30000 ms/,
    /maxCoolDownMs/,
  ],
]

describe('a broken file', () => {
  it.each(BROKEN)('%s', (_name, text, at, message, fix) => {
    const { config, findings } = parse(text, { K: 'k', WORD: 'word' })
    expect(config).toBeUndefined()
    const found = findings.find((one) => `${one.code} ${one.line}:${one.column} ${one.path}` === at)
    expect(found ?? findings).toMatchObject({
      severity: 'error',
      file: 'mesh.yaml',
      message: expect.stringMatching(message),
      fix: expect.stringMatching(fix),
    })
  })

  it('has every code of the catalogue among the examples above or below', () => {
    const shown = new Set<string>([
      ...BROKEN.map(([, , at]) => at.split(' ')[0] ?? ''),
      'MESH_CONFIG_PLAIN_SECRET',
      'MESH_CONFIG_UNREADABLE',
    ])
    const codes: readonly ConfigCode[] = [
      'MESH_CONFIG_YAML',
      'MESH_CONFIG_MISSING',
      'MESH_CONFIG_TYPE',
      'MESH_CONFIG_VALUE',
      'MESH_CONFIG_ENV_MISSING',
      'MESH_CONFIG_ENV_SYNTAX',
      'MESH_CONFIG_CONTRADICTION',
      'MESH_CONFIG_DUPLICATE_KEY',
      'MESH_CONFIG_UNKNOWN_KEY',
    ]
    expect(codes.filter((code) => !shown.has(code))).toEqual([])
  })

  it('shows everything at once, in the order of the file', () => {
    expect(located('bus: { partitions: 0 }\nretri: 1\ndeadlineMs: x\n')).toEqual([
      'error MESH_CONFIG_VALUE 1:20 bus.partitions',
      'error MESH_CONFIG_UNKNOWN_KEY 2:1 retri',
      'error MESH_CONFIG_TYPE 3:13 deadlineMs',
    ])
  })

  it('says once that a variable is missing, not also that the empty value is wrong', () => {
    expect(located('services: { shop: { lms: { url: "${LMS_URL}" } } }')).toEqual([
      'error MESH_CONFIG_ENV_MISSING 1:33 services.shop.lms.url',
    ])
  })

  it('names a setting that a service needs and an empty file lacks', () => {
    expect(parse('', {}, [desk]).findings).toMatchObject([
      { code: 'MESH_CONFIG_MISSING', line: 1, column: 1, path: 'services.desk.url' },
    ])
  })

  it.each([
    'services: { shop: { apiKey: "hidden\n',
    'services: { shop: { apiKey: hidden: x } }',
    'apiKey: *hidden\n',
    'apiKey: !hidden x\n',
    'apiKey: @hidden\n',
    'apiKey: "a" hidden\n',
    'apiKey: "\\hidden"\n',
    'apiKey: a${hidden\n',
    '%hidden\n---\na: 1\n',
    'hidden\nb: 1\n',
  ])('repeats nothing of %j', (text) => {
    const { findings } = parse(text)
    expect(findings.length).toBeGreaterThan(0)
    expect(JSON.stringify(findings)).not.toContain('hidden')
  })

  it('repeats no value of a variable and no secret', () => {
    const text = 'deadlineMs: ${A}\nservices: { shop: { apiKey: "${B}", currency: "${C}" } }'
    const { findings } = parse(text, { A: 'hidden-1', B: 'h-2', C: 'hidden-3' })
    expect(findings).toHaveLength(3)
    expect(JSON.stringify(findings)).not.toMatch(/hidden|h-2/)
  })
})
