import { z } from 'zod'
import type { Service } from '../service/service.ts'
import type { Source } from '../source/source.ts'
import type { MeshConfig } from './config.ts'
import { contradictionsOf } from './contradictions.ts'
import type { Environment } from './env-reference.ts'
import { CONFIG_FINDINGS } from '../finding/finding.ts'
import type { Finding } from '../finding/finding.ts'
import { problemsOf, valueAt } from '../finding/issue-findings.ts'
import type { Problem } from '../finding/issue-findings.ts'
import { convertReferences } from './env-conversion.ts'
import { jsonSchemaOf } from '../finding/json-schema.ts'
import type { JsonSchema } from '../finding/json-schema.ts'
import { layer } from './layer.ts'
import { runtimeSchema, runtimeShape } from './schema.ts'
import { plainSecrets } from './plain-secrets.ts'
import { type CheckedMesh, placed, wiringProblems } from './wiring-problems.ts'
import { pathText } from '../finding/path.ts'
import { readYaml } from './yaml-source.ts'
import type { Path } from '../finding/path.ts'
import type { YamlSource } from './yaml-source.ts'

/** The part of a service that the configuration needs. */
export type Configurable = Pick<Service, 'name' | 'options' | 'servesSources'>

/** What parsing needs besides the text. */
export type ParseOptions = {
  /** Name of the file, for findings. */
  readonly file: string
  readonly env: Environment
  readonly services: readonly Configurable[]
  /**
   * Services whose sections are not looked at, nor their references filled in: they run somewhere else. `others`: all but
   * `services`, whatever they are called.
   */
  readonly elsewhere?: readonly string[] | 'others'
  /** Settings from elsewhere (command line) that go over those of the file. */
  readonly overrides?: Readonly<Record<string, unknown>>
  /** Settings that the file's go over. */
  readonly presets?: Readonly<Record<string, unknown>>
  /** What services and plugins declare; with it routes, plugins and who emits what are checked too. */
  readonly mesh?: CheckedMesh
}

/** `config` is there unless a finding is an error. */
export type ParsedConfig = { readonly config?: MeshConfig; readonly findings: readonly Finding[] }

/** Schema of the whole mesh.yaml for a set of services. Unknown keys are errors. */
export const configSchema = (services: readonly Configurable[], sources: readonly Source<never>[] = []) =>
  z.strictObject({
    ...runtimeShape,
    sources: z
      .strictObject(Object.fromEntries(sources.map(({ name, options }) => [name, options])))
      .partial()
      .prefault({})
      .describe('Options of the webhooks that plugins bring, by their name.'),
    services: z
      .strictObject(Object.fromEntries(services.map(({ name, options }) => [name, options.prefault({})])))
      .prefault({})
      .describe('Options of the services, by name.'),
  })

/** JSON Schema of mesh.yaml, for editors. */
export const configJsonSchema = (
  services: readonly Configurable[],
  sources: readonly Source<never>[] = [],
): JsonSchema & { readonly title: string } => ({
  title: 'mesh.yaml of Commerce Mesh',
  ...jsonSchemaOf(configSchema(services, sources)),
})

const servesThem = (services: readonly Configurable[]): boolean =>
  services.some(({ servesSources }) => servesSources === true)

/** Sources whose sections stand at the top level: those of plugins, where this process serves them. */
const servedSources = ({ services, mesh }: ParseOptions): readonly Source<never>[] =>
  mesh !== undefined && servesThem(services)
    ? mesh.sources.filter(({ path }) => path[0] === 'sources').map(({ source }) => source)
    : []

/** What is wrong with what was written; everything else is about the key, or about what is missing there. */
const AT_VALUE = /^MESH_(CONFIG_(TYPE|VALUE|PLAIN_SECRET)|ROUTE_|OUTSIDE_)/

type Severe = Problem & { readonly severity?: Finding['severity'] }

/** What stands at a path, or as near above it as anything does. What a plugin brings and the file says nothing of stands where the plugin does. */
const entryAt = ({ entries }: YamlSource, path: Path, origins: CheckedMesh['origins']) => {
  const part = pathText(path.slice(0, 2))
  const nth = entries.has(part) ? undefined : origins?.get(part)
  const plugin = nth === undefined ? undefined : entries.get(pathText(['plugins', nth]))
  if (plugin !== undefined) return plugin
  return [...path.keys(), path.length]
    .toReversed()
    .map((length) => entries.get(pathText(path.slice(0, length))))
    .find((found) => found !== undefined)
}

/** What stands in a file is shown on a terminal, which would do what control characters say. */
const visible = (text: string): string => text.replaceAll(/[^\P{Cc}\n]/gu, '\ufffd')

const findingAt = (
  source: YamlSource,
  file: string,
  problem: Severe,
  origins?: CheckedMesh['origins'],
): Finding => {
  const { code, path, message, severity = 'error' } = problem
  const entry = entryAt(source, path, origins)
  const atValue = AT_VALUE.test(code) && entry?.path.length === path.length
  const place = (atValue ? entry?.value : entry?.key) ?? { line: 1, column: 1 }
  return {
    code,
    severity,
    file,
    ...place,
    path: visible(pathText(path)),
    message: visible(message),
    fix: visible(problem.fix ?? CONFIG_FINDINGS[code].action),
  }
}

/** A secret that is missing because its variable is not set is told once. */
const isWithin = (path: string, { code, path: section }: Finding): boolean =>
  path === section || (code === 'MESH_SOURCE_SECRET' && path.startsWith(`${section}.`))

const unlessReported = (findings: readonly Finding[], more: readonly Finding[]) =>
  more.filter((finding) => !findings.some(({ path }) => path !== '' && isWithin(path, finding)))

/** A section that nobody knows may be that of a plugin that could not be loaded. */
const isOfPlugin = ({ code, path }: Problem, mesh: CheckedMesh | undefined): boolean =>
  code === 'MESH_CONFIG_UNKNOWN_KEY' &&
  path.length === 2 &&
  (path[0] === 'services' || path[0] === 'sources') &&
  mesh !== undefined &&
  mesh.problems.length > 0

const check = (source: YamlSource, options: ParseOptions): ParsedConfig => {
  const { file, services, overrides, presets, mesh } = options
  const schema = configSchema(services, servedSources(options))
  const described = jsonSchemaOf(schema)
  const at = (problem: Severe) => findingAt(source, file, problem, mesh?.origins)
  const written = layer(layer(presets ?? {}, source.value ?? {}), overrides ?? {})
  const first = schema.safeParse(written)
  const value = first.success ? written : convertReferences(source, written, first.error.issues)
  const parsed = first.success ? first : schema.safeParse(value)
  const problems = parsed.success
    ? []
    : parsed.error.issues.flatMap((issue) => problemsOf(described, value, issue))
  const findings = [
    ...source.findings,
    ...unlessReported(source.findings, problems.filter((problem) => !isOfPlugin(problem, mesh)).map(at)),
    ...plainSecrets(source, described).map(at),
  ]
  if (mesh !== undefined) {
    const wiring = wiringProblems(mesh, value, servesThem(services), (nth) => whereOf(source, file, nth))
    findings.push(...unlessReported(source.findings, wiring.map(at)))
  }
  if (!parsed.success) return { findings }
  const runtime = runtimeOf(value)
  const config: MeshConfig = {
    ...runtime,
    routes: placed(runtime.routes, (nth) => whereOf(source, file, nth)),
    services: sectionsOf(value, 'services'),
    sources: sectionsOf(value, 'sources'),
  }
  const contradictions = contradictionsOf(config, (path) => valueAt(value, path.split('.')) !== undefined)
  findings.push(...contradictions.map((one) => at({ code: 'MESH_CONFIG_CONTRADICTION', ...one })))
  return findings.some(({ severity }) => severity === 'error') ? { findings } : { config, findings }
}

/** The file without the sections that are somebody else's, and without what was found there. */
const withoutSections = (
  source: YamlSource,
  isElsewhere: (service: string) => boolean,
  sourcesToo: boolean,
): YamlSource => {
  if (typeof source.value !== 'object' || source.value === null || Array.isArray(source.value)) return source
  const { sources, services, ...rest } = source.value as Readonly<Record<string, unknown>>
  const isDropped = (path: string) => {
    const [section, name] = path.split('.')
    return (
      (section === 'services' && name !== undefined && isElsewhere(name)) ||
      (sourcesToo && section === 'sources')
    )
  }
  const kept =
    typeof services === 'object' && services !== null && !Array.isArray(services)
      ? Object.fromEntries(Object.entries(services).filter(([name]) => !isElsewhere(name)))
      : services
  return {
    value: {
      ...rest,
      ...(services !== undefined && { services: kept }),
      ...(sources !== undefined && !sourcesToo && { sources }),
    },
    entries: source.entries,
    findings: source.findings.filter(({ path }) => !isDropped(path)),
  }
}

const sectionsOf = (value: unknown, name: string): Readonly<Record<string, unknown>> => {
  const sections = valueAt(value, [name])
  return typeof sections === 'object' && sections !== null ? { ...sections } : {}
}

const runtimeOf = (value: unknown) => {
  const {
    services: _services,
    sources: _sources,
    ...runtime
  } = { services: {}, sources: {}, ...(value as object) }
  return runtimeSchema.parse(runtime)
}

/** Where something stands, for people who have only the journal: the file's name and the line. */
const whereOf = (source: YamlSource, file: string, at: Path): string => {
  const line = source.entries.get(pathText(at))?.key.line
  const name = file.split(/[\\/]/).at(-1) ?? file
  return line === undefined ? pathText(at) : `${name}:${line}`
}

/**
 * Checks the text of a mesh.yaml. An empty text gives every default.
 *
 * The services' sections come out as written (references filled in), so that each service applies its own schema once.
 */
export const parseConfig = (text: string, options: ParseOptions): ParsedConfig => {
  const { file, env, services, elsewhere = [] } = options
  const own = new Set(services.map(({ name }) => name))
  const isElsewhere = (name: string) => (elsewhere === 'others' ? !own.has(name) : elsewhere.includes(name))
  const sourcesElsewhere = elsewhere.length > 0 && !servesThem(services)
  const source = withoutSections(readYaml(text, file, env), isElsewhere, sourcesElsewhere)
  const unreadable = source.value === undefined && source.findings.length > 0
  const { config, findings } = unreadable ? { findings: source.findings } : check(source, options)
  const sorted = findings.toSorted((a, b) => a.line - b.line || a.column - b.column)
  return config === undefined ? { findings: sorted } : { config, findings: sorted }
}
