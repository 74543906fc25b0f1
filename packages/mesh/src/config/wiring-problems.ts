import type { z } from 'zod'
import { routeProblems } from '../topology/route-problems.ts'
import { type RouteSettings, routesSchema } from '../routes/settings.ts'
import type { DeclaredMesh, DeclaredSource } from '../topology/declared-mesh.ts'
import { topologyProblems } from '../topology/problems.ts'
import type { ConfigCode, Finding } from '../finding/finding.ts'
import { type Problem, valueAt } from '../finding/issue-findings.ts'
import { consumersSchema, producersSchema } from '../topology/outside.ts'
import type { Path } from '../finding/path.ts'

/** What services and plugins declare, and what was found out while plugins were loaded. */
export type CheckedMesh = DeclaredMesh & {
  readonly problems: readonly Problem[]
  /** Which plugin of the list brings what stands at `services.NAME` or `sources.NAME`. */
  readonly origins?: ReadonlyMap<string, number>
}

/** Says where in the file something stands, in words. */
export type WhereIs = (at: Path) => string

type WiringProblem = Problem & { readonly severity?: Finding['severity'] }

/** Routes that know where they stand. */
export const placed = (routes: readonly RouteSettings[], whereIs: WhereIs): readonly RouteSettings[] =>
  routes.map((route, nth) => ({ ...route, where: whereIs(['routes', nth]) }))

/** What stands in a list, without what has not its form: that is told already, and hides nothing of the others. */
const soundItems = <T>(
  schema: z.ZodType<readonly T[]>,
  list: unknown,
): readonly { readonly item: T; readonly nth: number }[] =>
  (Array.isArray(list) ? list : []).flatMap((written: unknown, nth) =>
    (schema.safeParse([written]).data ?? []).map((item) => ({ item, nth })),
  )

/** What may be there after all where a plugin could not be loaded, and what may be emitted where a producer has not its form. */
const GUESSES: Readonly<Record<'plugins' | 'producers', ReadonlySet<ConfigCode>>> = {
  plugins: new Set([
    'MESH_ROUTE_EVENT_UNKNOWN',
    'MESH_ROUTE_HANDLER_UNKNOWN',
    'MESH_OUTSIDE_EVENT_UNKNOWN',
    'MESH_EVENT_UNEMITTED',
    'MESH_EVENT_VERSION_GONE',
    'MESH_EVENT_UNREAD',
  ]),
  producers: new Set(['MESH_EVENT_UNEMITTED', 'MESH_EVENT_VERSION_GONE', 'MESH_EVENT_UNREAD']),
}

/** Whether there is nothing to check notifications with. Of options that have not their form it is told already. */
const lacksSecret = ({ source }: DeclaredSource, section: unknown): boolean => {
  const parsed = source.options.safeParse(section ?? {})
  if (!parsed.success) return section === undefined
  try {
    const secrets = source.secrets(parsed.data as never)
    // An empty one among others is a key that everybody has.
    return secrets.length === 0 || secrets.includes('')
  } catch {
    return true
  }
}

/**
 * Sources that would have to believe anybody. Those of the mesh itself are off until something is written about them; those of
 * plugins are another's business where their sections are not read.
 */
const secretless = (
  sources: readonly DeclaredSource[],
  value: unknown,
  servesSources: boolean,
): readonly Problem[] =>
  sources
    .filter(({ path: [section] }) => section !== 'sources' || servesSources)
    .filter(({ path }) => path[0] === 'sources' || valueAt(value, path) !== undefined)
    .filter((declared) => lacksSecret(declared, valueAt(value, declared.path)))
    .map(({ source, path }) => ({
      code: 'MESH_SOURCE_SECRET',
      path,
      message: `the webhook ${source.name} has no secret: every notification is refused.`,
    }))

/**
 * What is wrong with who gets what, also where something else is wrong with the file.
 *
 * @param value - of the file, with presets and overrides.
 * @param servesSources - whether the sections of plugins' webhooks are read here.
 */
export const wiringProblems = (
  mesh: CheckedMesh,
  value: unknown,
  servesSources: boolean,
  whereIs: WhereIs,
): readonly WiringProblem[] => {
  const kept = {
    routes: soundItems(routesSchema, valueAt(value, ['routes'])),
    producers: soundItems(producersSchema, valueAt(value, ['producers'])),
    consumers: soundItems(consumersSchema, valueAt(value, ['consumers'])),
  }
  const routes = kept.routes.map(({ item, nth }) => ({ ...item, where: whereIs(['routes', nth]) }))
  const producers = kept.producers.map(({ item }) => item)
  const consumers = kept.consumers.map(({ item }) => item)
  const inFile = (problem: WiringProblem): WiringProblem => {
    const [section, at, ...rest] = problem.path
    const list =
      section === 'routes' || section === 'producers' || section === 'consumers' ? kept[section] : []
    const nth = typeof at === 'number' ? list[at]?.nth : undefined
    return section === undefined || nth === undefined
      ? problem
      : { ...problem, path: [section, nth, ...rest] }
  }
  const written = valueAt(value, ['producers'])
  const isWhole = written === undefined || (Array.isArray(written) && written.length === producers.length)
  const isGuess = ({ code }: WiringProblem) =>
    (mesh.problems.length > 0 && GUESSES.plugins.has(code)) || (!isWhole && GUESSES.producers.has(code))
  return [
    ...mesh.problems,
    ...[...routeProblems(mesh, routes), ...topologyProblems(mesh, { routes, producers, consumers })]
      .filter((problem) => !isGuess(problem))
      .map(inFile),
    ...secretless(mesh.sources, value, servesSources),
  ]
}
