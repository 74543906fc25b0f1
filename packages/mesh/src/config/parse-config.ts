import { z } from 'zod'
import type { Service } from '../service/service.ts'
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
import type { YamlSource } from './yaml-source.ts'

/** The part of a service that the configuration needs. */
export type Configurable = Pick<Service, 'name' | 'options'>

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
}

/** `config` is there unless a finding is an error. */
export type ParsedConfig = { readonly config?: MeshConfig; readonly findings: readonly Finding[] }

/** Schema of the whole mesh.yaml for a set of services. Unknown keys are errors. */
export const configSchema = (services: readonly Configurable[]) =>
  z.strictObject({
    ...runtimeShape,
    services: z
      .strictObject(Object.fromEntries(services.map(({ name, options }) => [name, options.prefault({})])))
      .prefault({})
      .describe('Options of the services, by name.'),
  })

/** JSON Schema of mesh.yaml, for editors. */
export const configJsonSchema = (
  services: readonly Configurable[],
): JsonSchema & { readonly title: string } => ({
  title: 'mesh.yaml of Commerce Mesh',
  ...jsonSchemaOf(configSchema(services)),
})

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
  const { file, services, overrides, presets } = options
  const schema = configSchema(services)
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
    ...plainSecrets(source, described).map(at),
  ]
  if (!parsed.success) return { findings }
  const sections = valueAt(value, ['services'])
  const config: MeshConfig = {
    ...runtimeOf(value),
    services: typeof sections === 'object' && sections !== null ? { ...sections } : {},
  }
  const contradictions = contradictionsOf(config, (path) => valueAt(value, path.split('.')) !== undefined)
  findings.push(...contradictions.map((one) => at({ code: 'MESH_CONFIG_CONTRADICTION', ...one })))
  return findings.some(({ severity }) => severity === 'error') ? { findings } : { config, findings }
}

/** The file without the sections of services that run somewhere else, and without what was found there. */
const withoutSections = (source: YamlSource, names: readonly string[]): YamlSource => {
  const sections = valueAt(source.value, ['services'])
  if (names.length === 0 || typeof sections !== 'object' || sections === null) return source
  const isThere = (path: string) =>
    names.some((name) => path === `services.${name}` || path.startsWith(`services.${name}.`))
  const services = Object.fromEntries(Object.entries(sections).filter(([name]) => !names.includes(name)))
  return {
    value: { ...(source.value as Record<string, unknown>), services },
    entries: source.entries,
    findings: source.findings.filter(({ path }) => !isThere(path)),
  }
}

const runtimeOf = (value: unknown) => {
  const { services: _, ...runtime } =
    typeof value === 'object' && value !== null ? { services: undefined, ...value } : { services: undefined }
  return runtimeSchema.parse(runtime)
}

/**
 * Checks the text of a mesh.yaml. An empty text gives every default.
 *
 * The services' sections come out as written (references filled in), so that each service applies its own schema once.
 */
export const parseConfig = (text: string, options: ParseOptions): ParsedConfig => {
  const source = withoutSections(readYaml(text, options.file, options.env), options.elsewhere ?? [])
  const unreadable = source.value === undefined && source.findings.length > 0
  const { config, findings } = unreadable ? { findings: source.findings } : check(source, options)
  const sorted = findings.toSorted((a, b) => a.line - b.line || a.column - b.column)
  return config === undefined ? { findings: sorted } : { config, findings: sorted }
}
