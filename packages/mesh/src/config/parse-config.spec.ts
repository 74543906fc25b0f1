import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { defaultConfig } from './config.ts'
import { configJsonSchema, parseConfig } from './parse-config.ts'
import { shop } from './shop.fixture.ts'

const parse = (
  text: string,
  env: Record<string, string> = {},
  services: Parameters<typeof parseConfig>[1]['services'] = [shop],
) => parseConfig(text, { file: 'mesh.yaml', env, services })

const located = (text: string, env?: Record<string, string>) =>
  parse(text, env).findings.map(
    ({ severity, code, line, column, path }) => `${severity} ${code} ${line}:${column} ${path}`,
  )

describe('a finding', () => {
  it('shows no control characters of the file, which a terminal would obey', () => {
    const { findings } = parse('"red\\e[31m": 1\nbus: "\\e]0;title\\a"\n')
    expect(findings).toHaveLength(2)
    for (const { path, message, fix } of findings) expect(`${path} ${message} ${fix}`).not.toMatch(/\p{Cc}/u)
    expect(findings[0]?.path).toBe('red\ufffd[31m')
  })
})

describe('a good file', () => {
  it.each(['', '\n', '# nothing but a comment\n', '---\n', '{}', 'services:\n', 'retry:\n  factor: 2\n'])(
    '%j gives the defaults',
    (text) => {
      const { config, findings } = parse(text === 'services:\n' ? 'services: {}' : text)
      expect(findings).toEqual([])
      expect(config).toEqual(defaultConfig())
    },
  )

  it('keeps what is written and fills in the rest', () => {
    const { config } = parse('data: /var/lib/mesh\nretry: { maxMs: 5000 }\nservices:\n  shop:\n    port: 0\n')
    expect(config).toMatchObject({
      data: '/var/lib/mesh',
      retry: { initialMs: 1_000, maxMs: 5_000 },
      services: { shop: { port: 0 } },
    })
  })

  it('makes a number or a truth value of a reference only where the schema wants one', () => {
    const text =
      'services: { shop: { port: "${PORT}", strict: "${STRICT:-true}", apiKey: "${KEY}", callers: [{ name: "${KEY}", key: "${KEY}" }] } }'
    const { config, findings } = parse(text, { PORT: '9000', KEY: '12345' })
    expect(findings).toEqual([])
    expect(config?.services).toEqual({
      shop: { port: 9_000, strict: true, apiKey: '12345', callers: [{ name: '12345', key: '12345' }] },
    })
  })

  it('lets settings from elsewhere go over those of the file', () => {
    const { config } = parseConfig('data: a\nservices: { shop: { port: 1, strict: true } }', {
      file: 'f',
      env: {},
      services: [shop],
      overrides: { data: 'b', services: { shop: { port: 2 } } },
    })
    expect(config).toMatchObject({ data: 'b', services: { shop: { port: 2, strict: true } } })
  })

  it('leaves alone what belongs to services that run elsewhere: their secrets are not here', () => {
    const text = 'services:\n  shop: { port: 1 }\n  mill: { key: "${MILL_KEY}", speed: very }\n'
    const options = { file: 'f', env: {}, services: [shop] }
    expect(parseConfig(text, options).config).toBeUndefined()
    const { config, findings } = parseConfig(text, { ...options, elsewhere: ['mill'] })
    expect(findings).toEqual([])
    expect(config?.services).toEqual({ shop: { port: 1 } })
  })

  it('follows aliases', () => {
    const { config, findings } = parse(
      'services:\n  shop:\n    callers: [&one {name: "${N}", key: "${K}"}, *one]\n',
      { N: 'n', K: 'k' },
    )
    expect(findings).toEqual([])
    expect(config?.services).toMatchObject({
      shop: {
        callers: [
          { name: 'n', key: 'k' },
          { name: 'n', key: 'k' },
        ],
      },
    })
  })
})

describe('warnings', () => {
  it.each([
    ['apiKey: abcd', '2:19 services.shop.apiKey'],
    ['apiKey: "${KEY:-abcd}"', '2:19 services.shop.apiKey'],
    ['apiKey: "x-${SET}"', '2:19 services.shop.apiKey'],
    ['callers: [{ name: a, key: b }]', '2:37 services.shop.callers.0.key'],
    ['lms: { url: "http://a", auth: { kind: token, token: b } }', '2:63 services.shop.lms.auth.token'],
  ])('%s: the secret belongs into the environment', (setting, at) => {
    const { config, findings } = parse(`services:\n  shop: { ${setting} }\n`, { SET: 'set' })
    expect(config).toBeDefined()
    expect(
      findings.map(
        ({ severity, code, line, column, path }) => `${severity} ${code} ${line}:${column} ${path}`,
      ),
    ).toEqual([`warning MESH_CONFIG_PLAIN_SECRET ${at}`])
  })

  it('knows the secrets in a section that is one as a whole, and leaves the names of schemes alone', () => {
    const headers = (value: string) =>
      parse(`telemetry: { headers: { authorization: "${value}" } }`, { TOKEN: 'hidden' }).findings.map(
        ({ code, path }) => `${code} ${path}`,
      )
    const warned = ['MESH_CONFIG_PLAIN_SECRET telemetry.headers.authorization']
    expect(headers('Bearer abcd')).toEqual(warned)
    expect(headers('Bearer ${NONE:-abcd}')).toEqual(warned)
    expect(headers('${TOKEN}')).toEqual([])
    expect(headers('Bearer ${TOKEN}')).toEqual([])
  })

  it.each(['apiKey: "${KEY}"', 'apiKey: ${KEY}', 'callers: [{ name: a, key: "${KEY}" }]'])(
    '%s needs none',
    (setting) => {
      expect(
        parse(`services:\n  shop: { ${setting} }\n`.replace('{ apiKey: ${KEY} }', '\n    apiKey: ${KEY}'), {
          KEY: 'abcd',
        }).findings,
      ).toEqual([])
    },
  )

  it('remarks on a bus that is shared and a store that is not', () => {
    const kafka = 'bus: { driver: kafka, kafka: { bootstrapServers: "a:9092" } }\n'
    const mongodb = 'store: { driver: mongodb, mongodb: { url: "mongodb://a" } }\n'
    expect(located(kafka)).toEqual(['warning MESH_CONFIG_CONTRADICTION 1:8 bus.driver'])
    expect(located(kafka + mongodb)).toEqual([])
    expect(located(mongodb)).toEqual([])
  })

  it('remarks on a deadline above the grace time where somebody wrote both', () => {
    expect(located('deadlineMs: 5001\ngraceMs: 5000\n')).toEqual([
      'warning MESH_CONFIG_CONTRADICTION 2:1 graceMs',
    ])
    expect(located('deadlineMs: 5000\ngraceMs: 5000\n')).toEqual([])
    expect(located('graceMs: 1\n')).toEqual([])
  })
})

describe('an empty default', () => {
  const text = 'services: { shop: { apiKey: "${KEY:-}", port: "${PORT:-}", currency: eur } }'

  it('leaves the setting out where the variable is not set or empty', () => {
    expect(parse(text, { PORT: '' })).toMatchObject({ findings: [] })
    expect(parse(text).config?.services['shop']).toEqual({ currency: 'eur' })
    expect(parse(text, { KEY: 'abcd', PORT: '9' }).config?.services['shop']).toMatchObject({
      apiKey: 'abcd',
      port: 9,
    })
  })

  it('says that a setting without default is missing', () => {
    expect(parse('services: { shop: { lms: { url: "${URL:-}" } } }').findings).toMatchObject([
      { code: 'MESH_CONFIG_MISSING', path: 'services.shop.lms.url', line: 1 },
    ])
  })
})

describe('an address with a password', () => {
  it('is a secret in the file, and is not repeated', () => {
    const { config, findings } = parse(
      'services: { shop: { lms: { url: "https://u:hidden@lms.example.com" } } }',
    )
    expect(config).toBeDefined()
    expect(findings).toMatchObject([
      { severity: 'warning', code: 'MESH_CONFIG_PLAIN_SECRET', path: 'services.shop.lms.url' },
    ])
    expect(JSON.stringify(findings)).not.toContain('hidden')
  })

  it.each([
    ['mongodb://${U}:${P}@db', []],
    ['mongodb://mesh:${P}@db', []],
    ['mongodb://${BOTH}@db', []],
    ['${WHOLE}', []],
    ['mongodb://db/?a=b:c@d', []],
    ['mongodb://${U}:hidden@db', ['store.mongodb.url']],
    ['mongodb://${U}:${NONE:-hidden}@db', ['store.mongodb.url']],
    ['mongodb://token@db', ['store.mongodb.url']],
  ])('%s: what comes from the environment does not stand in the file', (url, warned) => {
    const env = { U: 'u', P: 'p', BOTH: 'u:p', WHOLE: 'mongodb://u:p@db' }
    const { findings } = parse(`store: { mongodb: { url: "${url}" } }`, env)
    expect(findings.map(({ code }) => code)).toEqual(warned.map(() => 'MESH_CONFIG_PLAIN_SECRET'))
    expect(findings.map(({ path }) => path)).toEqual(warned)
  })
})

describe('any text', () => {
  it('gives a configuration or errors with a place, and never throws', () => {
    const line = fc.constantFrom(
      'data: a',
      'retry:',
      '  factor: 3',
      '- x',
      '? [a]',
      '&a b',
      '*a',
      '<<: *a',
      '"',
      '{',
      '}',
      '${X}',
      'services: {shop: {port: ${X}}}',
      '__proto__: {a: 1}',
      '1: 2',
      '!!binary aGk=',
      '\t',
      '%YAML 1.2',
    )
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.array(line, { maxLength: 6 }).map((lines) => lines.join('\n')),
        ),
        (text) => {
          const { config, findings } = parse(text)
          expect(config === undefined).toBe(findings.some(({ severity }) => severity === 'error'))
          for (const finding of findings)
            expect(
              finding.line >= 1 && finding.column >= 1 && finding.message !== '' && finding.fix !== '',
            ).toBe(true)
        },
      ),
      { numRuns: 500 },
    )
  })
})

describe('configJsonSchema', () => {
  it('describes the same settings, none of them required', () => {
    const schema = configJsonSchema([shop])
    expect(schema.additionalProperties).toBe(false)
    expect(schema.required ?? []).toEqual([])
    expect(Object.keys(schema.properties ?? {}).toSorted()).toEqual(Object.keys(defaultConfig()).toSorted())
    expect(schema.properties?.['services']?.properties?.['shop']?.properties?.['port']).toMatchObject({
      type: 'integer',
      default: 8080,
    })
  })
})
