import path from 'node:path'
import { CONTRACTS } from '@commerce-mesh/contracts'
import { NO_PLUGINS, loadPlugins, writtenAt } from '@commerce-mesh/mesh'
import type {
  CheckedMesh,
  LoadedPlugins,
  MeshConfig,
  Service,
  Source,
  StartOptions,
} from '@commerce-mesh/mesh'
import type { Input } from '../command/input.ts'
import { configFile } from '../data/place.ts'
import { BUILT_IN_SOURCES, RUNNABLE } from '../services.ts'
import type { Terminal } from '../terminal/terminal.ts'

type Services = StartOptions['services']

/** The services that a mesh.yaml makes up: ours, and those of its plugins. */
export type Program = {
  /** In the order in which they start: the edge opens last. */
  readonly services: Services
  /** Webhooks of plugins. */
  readonly sources: readonly Source<never>[]
  /** What all of them declare, and what is wrong with plugins. */
  readonly mesh: CheckedMesh
}

const programOf = (plugins: LoadedPlugins): Program => {
  const working = RUNNABLE.filter(({ servesSources }) => servesSources !== true)
  const edges = RUNNABLE.filter(({ servesSources }) => servesSources === true)
  const services = [...working, ...plugins.services, ...edges]
  return {
    services,
    sources: plugins.sources,
    mesh: {
      services,
      contracts: [...CONTRACTS, ...plugins.contracts],
      sources: [
        ...BUILT_IN_SOURCES,
        ...plugins.sources.map((source) => ({ source, path: ['sources', source.name] })),
      ],
      problems: plugins.problems,
      origins: plugins.origins,
    },
  }
}

/**
 * What of a program {@link startMesh} takes besides the services, with a configuration that passed.
 *
 * @param only - the one service that is started here: webhooks are another’s business unless it serves them.
 */
export const partsOf = (
  { sources, mesh: { contracts } }: Program,
  config: MeshConfig,
  only?: Pick<Service, 'servesSources'>,
): Required<Pick<StartOptions, 'sources' | 'contracts'>> => ({
  contracts,
  sources:
    only !== undefined && only.servesSources !== true
      ? []
      : sources.map((source) => ({
          source,
          options: source.options.parse(config.sources[source.name] ?? {}),
        })),
})

/** Our services, without any plugin. */
export const BUILT_IN: Program = programOf(NO_PLUGINS)

/** The plugins that mesh.yaml lists, whatever else is wrong with it; what is no list of texts is told by the check of the file. */
const listedPlugins = (
  file: string | undefined,
  terminal: Pick<Terminal, 'env' | 'directory'>,
): readonly (string | undefined)[] => {
  try {
    const listed = writtenAt(file, ['plugins'], terminal)
    return Array.isArray(listed)
      ? listed.map((name: unknown) => (typeof name === 'string' ? name : undefined))
      : []
  } catch {
    return []
  }
}

const load = async (input: Input, terminal: Pick<Terminal, 'env' | 'directory'>): Promise<Program> => {
  const file = configFile(input, terminal)
  const names = listedPlugins(file, terminal)
  if (names.length === 0) return BUILT_IN
  const directory = file === undefined ? terminal.directory : path.dirname(file)
  const reserved = {
    services: RUNNABLE,
    sources: BUILT_IN_SOURCES.map(({ source }) => source.name),
  }
  return programOf(await loadPlugins(names, directory, reserved))
}

const loaded = new WeakMap<Input, Promise<Program>>()

/**
 * Loads the plugins of the configuration that was named, or of the mesh.yaml here, besides our services: once for each command
 * line, as a plugin that is stuck is waited for. Never throws: what is wrong with a plugin is among the problems of `mesh`.
 */
export const loadProgram = (
  input: Input,
  terminal: Pick<Terminal, 'env' | 'directory'>,
): Promise<Program> => {
  const program = loaded.get(input) ?? load(input, terminal)
  loaded.set(input, program)
  return program
}
