import type { EventContract } from '@commerce-mesh/contracts'
import type { Problem } from '../finding/issue-findings.ts'
import { deadLetterCollection } from '../dead-letter/dead-letter.ts'
import type { Service } from '../service/service.ts'
import type { Source } from '../source/source.ts'
import { checkPlugin } from './check.ts'
import type { PluginFault } from './form.ts'
import type { Plugin } from './plugin.ts'
import { importPlugin } from './resolve.ts'

/** The plugins of a mesh.yaml, and what keeps the others from being loaded. */
export type LoadedPlugins = {
  readonly plugins: readonly Plugin[]
  readonly services: readonly Service<never, never>[]
  readonly contracts: readonly EventContract[]
  readonly sources: readonly Source<never>[]
  /** At `plugins.N` of mesh.yaml. */
  readonly problems: readonly Problem[]
  /** Which plugin of the list brings what stands at `services.NAME` or `sources.NAME`. */
  readonly origins: ReadonlyMap<string, number>
}

/** A mesh without plugins. */
export const NO_PLUGINS: LoadedPlugins = {
  plugins: [],
  services: [],
  contracts: [],
  sources: [],
  problems: [],
  origins: new Map(),
}

/** Loading one takes a few milliseconds; one that waits for something would keep the mesh from starting without a word. */
const LONGEST_LOAD_MS = 10_000

const firstLine = (text: string): string => text.split('\n', 1)[0]?.slice(0, 300) ?? ''

/** Node names the file that imports; where that is ours it tells the reader nothing. */
const withoutOurs = (message: string): string =>
  message.replace(/ imported from .*[\\/]plugin[\\/]resolve\.[jt]s$/, '')

const OUR_DIRECTORY = new URL('.', import.meta.url).href

/** Where in a plugin it happened: `plugin.js:12`. */
const placeOf = ({ stack = '' }: Error): string => {
  const [, url = '', line = ''] = /(file:\/\/\S+?\.[cm]?[jt]s):(\d+)/.exec(stack) ?? []
  return url === '' || url.startsWith(OUR_DIRECTORY) ? '' : ` (${url.split('/').at(-1)}:${line})`
}

const described = (thrown: unknown): string =>
  Error.isError(thrown)
    ? `${thrown.name}: ${firstLine(thrown.message).replace(/\.$/, '')}${placeOf(thrown)}`
    : `it threw '${firstLine(String(thrown))}'`

const whyNot = (thrown: unknown): PluginFault => {
  const code = Error.isError(thrown) && 'code' in thrown ? String(thrown.code) : ''
  const missing = Error.isError(thrown) && (code === 'ERR_MODULE_NOT_FOUND' || code === 'MODULE_NOT_FOUND')
  return {
    code: 'MESH_PLUGIN_LOAD',
    message: missing
      ? `${withoutOurs(firstLine(thrown.message))}.`
      : `it failed while it was loaded: ${described(thrown)}.`,
    ...(missing && {
      fix: 'Check the path (it is relative to mesh.yaml), or install the package where mesh.yaml lies.',
    }),
  }
}

const inTime = <T>(loading: Promise<T>): Promise<T> =>
  new Promise((resolve, reject) => {
    const late = setTimeout(
      () => reject(new Error('it is not there after 10 seconds: something at its top level waits')),
      LONGEST_LOAD_MS,
    )
    loading.then(resolve, reject).finally(() => clearTimeout(late))
  })

const loadOne = async (name: string, directory: string, load: typeof importPlugin) => {
  try {
    return checkPlugin(await inTime(load(name, directory)))
  } catch (thrown) {
    return { plugin: undefined, faults: [whyNot(thrown)] }
  }
}

const taken = (names: ReadonlySet<string>, what: string, name: string): readonly PluginFault[] =>
  names.has(name) ? [{ code: 'MESH_PLUGIN_CLASH', message: `there is a ${what} ${name} already.` }] : []

type Collecting = Pick<Service<never, never>, 'name' | 'collections'>

/** Names that plugins may not take, for there is something of that name. */
type Taken = {
  readonly services: Set<string>
  readonly sources: Set<string>
  readonly contracts: Set<string>
  readonly collections: Set<string>
}

/** Where a service keeps its documents: a name that others keep theirs under would mix them up. */
const collectionsOf = ({ name, collections = [] }: Collecting): readonly string[] => [
  name,
  ...collections.map((collection) => collection.name),
]

const clashesOf = (
  { services = [], sources = [], contracts = [] }: Plugin,
  names: Taken,
): readonly PluginFault[] => [
  ...services.flatMap(({ name }) => taken(names.services, 'service', name)),
  ...services
    .filter(({ name }) => !names.services.has(name))
    .flatMap(collectionsOf)
    .flatMap((name) => taken(names.collections, 'collection', name)),
  ...sources.flatMap(({ name }) => taken(names.sources, 'source', name)),
  ...contracts.flatMap(({ type }) => taken(names.contracts, 'contract', type)),
]

const reserve = ({ services = [], sources = [], contracts = [] }: Plugin, names: Taken): void => {
  for (const { name } of services) names.services.add(name)
  for (const name of services.flatMap(collectionsOf)) names.collections.add(name)
  for (const { name } of sources) names.sources.add(name)
  for (const { type } of contracts) names.contracts.add(type)
}

const partsOf = ({ services = [], sources = [] }: Plugin): readonly string[] => [
  ...services.map(({ name }) => `services.${name}`),
  ...sources.map(({ name }) => `sources.${name}`),
]

/**
 * Loads plugins and checks what they declare. Never throws: what is wrong with one is among the problems, and the others are
 * loaded all the same.
 *
 * @param names - as `plugins` in mesh.yaml lists them; undefined where something else stands there, which the check of the file tells.
 * @param directory - absolute; what paths are relative to.
 * @param reserved - services, and names of sources, that the mesh has without plugins.
 */
export const loadPlugins = async (
  names: readonly (string | undefined)[],
  directory: string,
  reserved: { readonly services: readonly Collecting[]; readonly sources: readonly string[] },
  load: typeof importPlugin = importPlugin,
): Promise<LoadedPlugins> => {
  const claimed: Taken = {
    services: new Set(reserved.services.map(({ name }) => name)),
    sources: new Set(reserved.sources),
    contracts: new Set(),
    collections: new Set([deadLetterCollection.name, ...reserved.services.flatMap(collectionsOf)]),
  }
  const plugins: Plugin[] = []
  const problems: Problem[] = []
  const origins = new Map<string, number>()
  for (const [nth, name] of names.entries()) {
    if (name === undefined) continue
    const { plugin, faults } = await loadOne(name, directory, load)
    const all = plugin === undefined ? faults : [...faults, ...clashesOf(plugin, claimed)]
    problems.push(
      ...all.map(({ code, message, fix }) => ({
        code,
        path: ['plugins', nth],
        message: `${name}: ${message}`,
        ...(fix !== undefined && { fix }),
      })),
    )
    if (plugin === undefined || all.length > 0) continue
    reserve(plugin, claimed)
    plugins.push(plugin)
    for (const part of partsOf(plugin)) origins.set(part, nth)
  }
  return {
    plugins,
    services: plugins.flatMap(({ services = [] }) => services),
    contracts: plugins.flatMap(({ contracts = [] }) => contracts),
    sources: plugins.flatMap(({ sources = [] }) => sources),
    problems,
    origins,
  }
}
