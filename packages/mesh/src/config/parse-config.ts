import { z } from 'zod'
import { routeProblems } from '../routes/problems.ts'
import type { Service } from '../service/service.ts'
import type { Source } from '../source/source.ts'
import type { DeclaredMesh, DeclaredSource } from '../topology/declared-mesh.ts'
import { topologyProblems } from '../topology/problems.ts'
import type { MeshConfig } from './config.ts'
import { contradictionsOf } from './contradictions.ts'
import type { Environment } from './env-reference.ts'
import { CONFIG_FINDINGS } from './finding.ts'
import type { Finding } from './finding.ts'
import { problemsOf, valueAt } from './issue-findings.ts'
import type { Problem } from './issue-findings.ts'
import { convertReferences } from './env-conversion.ts'
import { jsonSchemaOf } from './json-schema.ts'
import type { JsonSchema } from './json-schema.ts'
import { layer } from './layer.ts'
import { runtimeSchema, runtimeShape } from './schema.ts'
import { plainSecrets } from './plain-secrets.ts'
import { pathText, readYaml } from './yaml-source.ts'
import type { Path, YamlSource } from './yaml-source.ts'

/** The part of a service that the configuration needs. */
export type Configurable = Pick<Service, 'name' | 'options' | 'servesSources'>

/** What parsing needs besides the text. */
export type ParseOptions = {
  /** Name of the file, for findings. */
  readonly file: string
  readonly env: Environment
  readonly services: readonly Configurable[]
  /** Services whose sections are not looked at, nor their references filled in: they run somewhere else. */
  readonly elsewhere?: readonly string[]
  /** Settings from elsewhere (command line) that go over those of the file. */
  readonly overrides?: Readonly<Record<string, unknown>>
  /** Settings that the file's go over. */
  readonly presets?: Readonly<Record<string, unknown>>
  /** What services and plugins declare; with it routes, plugins and who emits what are checked too. */
  readonly mesh?: CheckedMesh
}

/** What services and plugins declare, and what was found out while plugins were loaded. */
export type CheckedMesh = DeclaredMesh & { readonly problems: readonly Problem[] }

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

/** Sources whose sections stand at the top level: those of plugins, where this process serves them. */
const servedSources = ({ services, mesh }: ParseOptions): readonly Source<never>[] =>
  mesh !== undefined && services.some(({ servesSources }) => servesSources === true)
    ? mesh.sources.filter(({ path }) => path[0] === 'sources').map(({ source }) => source)
    : []

const findingAt = (
  source: YamlSource,
  file: string,
  problem: Problem & { severity?: Finding['severity'] },
): Finding => {
  const { code, path, message, severity = 'error' } = problem
  const entry = [...path.keys(), path.length]
    .toReversed()
    .map((length) => source.entries.get(pathText(path.slice(0, length))))
    .find((found) => found !== undefined)
  const atValue =
    (code === 'MESH_CONFIG_TYPE' || code === 'MESH_CONFIG_VALUE' || code === 'MESH_CONFIG_PLAIN_SECRET') &&
    entry?.path.length === path.length
  const place = (atValue ? entry?.value : entry?.key) ?? { line: 1, column: 1 }
  return {
    code,
    severity,
    file,
    ...place,
    path: pathText(path),
    message,
    fix: problem.fix ?? CONFIG_FINDINGS[code].action,
  }
}

const unlessReported = (findings: readonly Finding[], more: readonly Finding[]) =>
  more.filter((finding) => !findings.some((known) => known.path === finding.path && known.path !== ''))

const check = (source: YamlSource, options: ParseOptions): ParsedConfig => {
  const { file, services, overrides, presets, mesh } = options
  const schema = configSchema(services, servedSources(options))
  const described = jsonSchemaOf(schema)
  const at = (problem: Problem & { severity?: Finding['severity'] }) => findingAt(source, file, problem)
  const written = layer(layer(presets ?? {}, source.value ?? {}), overrides ?? {})
  const first = schema.safeParse(written)
  const value = first.success ? written : convertReferences(source, written, first.error.issues)
  const parsed = first.success ? first : schema.safeParse(value)
  const problems = parsed.success
    ? []
    : parsed.error.issues.flatMap((issue) => problemsOf(described, value, issue))
  const findings = [
    ...source.findings,
    ...unlessReported(source.findings, problems.map(at)),
    ...(mesh?.problems ?? []).map(at),
    ...plainSecrets(source, described).map(at),
  ]
  if (!parsed.success) return { findings }
  const runtime = runtimeOf(value)
  const config: MeshConfig = {
    ...runtime,
    routes: runtime.routes.map((route, nth) => ({ ...route, where: whereOf(source, file, ['routes', nth]) })),
    services: sectionsOf(value, 'services'),
    sources: sectionsOf(value, 'sources'),
  }
  if (mesh !== undefined) {
    findings.push(...routeProblems(mesh, config.routes).map(at), ...topologyProblems(mesh, config).map(at))
    findings.push(...secretless(mesh.sources, value).map(at))
  }
  const contradictions = contradictionsOf(config, (path) => valueAt(value, path.split('.')) !== undefined)
  findings.push(...contradictions.map((one) => at({ code: 'MESH_CONFIG_CONTRADICTION', ...one })))
  return findings.some(({ severity }) => severity === 'error') ? { findings } : { config, findings }
}

/** The file without the sections of services that run somewhere else, and without what was found there. */
const withoutSections = (source: YamlSource, names: readonly string[], sourcesToo: boolean): YamlSource => {
  if (typeof source.value !== 'object' || source.value === null) return source
  const elsewhere = [...names.map((name) => `services.${name}`), ...(sourcesToo ? ['sources'] : [])]
  const isThere = (path: string) => elsewhere.some((place) => path === place || path.startsWith(`${place}.`))
  const { sources, ...rest } = source.value as Readonly<Record<string, unknown>>
  const sections = valueAt(source.value, ['services'])
  const services =
    typeof sections === 'object' && sections !== null
      ? Object.fromEntries(Object.entries(sections).filter(([name]) => !names.includes(name)))
      : sections
  return {
    value: {
      ...rest,
      ...(services !== undefined && { services }),
      ...(sources !== undefined && !sourcesToo && { sources }),
    },
    entries: source.entries,
    findings: source.findings.filter(({ path }) => !isThere(path)),
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

/** Sources that would have to believe anybody. Those of the mesh itself are off until something is written about them. */
const secretless = (sources: readonly DeclaredSource[], value: unknown): readonly Problem[] =>
  sources.flatMap(({ source, path: at }): readonly Problem[] => {
    const section = valueAt(value, at)
    if (section === undefined && at[0] !== 'sources') return []
    const parsed = source.options.safeParse(section ?? {})
    if (parsed.success && source.secrets(parsed.data as never).length > 0) return []
    if (!parsed.success && section !== undefined) return []
    return [
      {
        code: 'MESH_SOURCE_SECRET',
        path: at,
        message: `the webhook ${source.name} has no secret: every notification is refused.`,
      },
    ]
  })

/**
 * Checks the text of a mesh.yaml. An empty text gives every default.
 *
 * The services' sections come out as written (references filled in), so that each service applies its own schema once.
 */
export const parseConfig = (text: string, options: ParseOptions): ParsedConfig => {
  const { file, env, services, elsewhere = [] } = options
  const sourcesElsewhere =
    elsewhere.length > 0 && !services.some(({ servesSources }) => servesSources === true)
  const read = readYaml(text, file, env)
  const source = elsewhere.length > 0 ? withoutSections(read, elsewhere, sourcesElsewhere) : read
  const unreadable = source.value === undefined && source.findings.length > 0
  const { config, findings } = unreadable ? { findings: source.findings } : check(source, options)
  const sorted = findings.toSorted((a, b) => a.line - b.line || a.column - b.column)
  return config === undefined ? { findings: sorted } : { config, findings: sorted }
}
