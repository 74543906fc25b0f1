import { CONTRACTS, jsonSchemaOf, schemasAt } from '@commerce-mesh/contracts'
import type { ConfigCode } from '../finding/finding.ts'
import { type HandlerDeclaration, isHandler } from '../service/handler.ts'
import { type Service, startsNothing } from '../service/service.ts'
import { type PluginFault, formFaults, isObject } from './form.ts'
import { type Plugin, RUNTIME_VERSION, fitsRuntime } from './plugin.ts'

const fault = (code: ConfigCode, message: string): PluginFault => ({ code, message })

const nameFaults = ({ name, services = [], contracts = [] }: Plugin): readonly PluginFault[] => [
  ...services
    .filter((service) => service.name !== name && !service.name.startsWith(`${name}-`))
    .map((service) =>
      fault(
        'MESH_PLUGIN_CLASH',
        `its service ${service.name} must be named ${name}, or begin with ${name}-: dead letters name it.`,
      ),
    ),
  ...contracts
    .filter(({ type }) => CONTRACTS.some((known) => known.type === type))
    .map(({ type }) => fault('MESH_PLUGIN_CLASH', `it defines ${type}, which is the mesh’s own.`)),
]

const handlerFaults = (
  service: Service<never, never>,
  handler: HandlerDeclaration,
): readonly PluginFault[] => {
  const who = `${service.name}/${handler.name}`
  const emits = new Set(service.emits.map(({ type }) => type))
  return [
    ...(isHandler(handler) || service.start !== startsNothing
      ? []
      : [fault('MESH_PLUGIN_DECLARES', `it declares the handler ${who} and never gives it a function.`)]),
    ...(handler.emits ?? [])
      .filter(({ type }) => !emits.has(type))
      .map(({ type }) =>
        fault('MESH_PLUGIN_DECLARES', `${who} emits ${type}, which its service does not declare in emits.`),
      ),
    ...(handler.reads ?? [])
      .filter((path) => schemasAt(jsonSchemaOf(handler.contract), path).length === 0)
      .map((path) =>
        fault(
          'MESH_PLUGIN_DECLARES',
          `${who} reads '${path}', which ${handler.contract.type} does not have.`,
        ),
      ),
  ]
}

/** Events that a service says it emits and that none of its parts could. */
const idleEmits = (service: Service<never, never>): readonly PluginFault[] => {
  if (service.start !== startsNothing || service.handlers.some(({ emits }) => emits === undefined)) return []
  const emitted = new Set(service.handlers.flatMap(({ emits = [] }) => emits.map(({ type }) => type)))
  return service.emits
    .filter(({ type }) => !emitted.has(type))
    .map(({ type }) =>
      fault(
        'MESH_PLUGIN_DECLARES',
        `${service.name} declares that it emits ${type}, and no handler of it does.`,
      ),
    )
}

/** What a source emits is stamped with its owner's name, and the gateway lends its own: so it may be no other service's. */
const foreignEmits = ({ name, sources = [] }: Plugin): readonly PluginFault[] =>
  sources.flatMap((source) =>
    source.emits
      .filter(({ owner }) => owner !== 'gateway' && owner !== name && !owner.startsWith(`${name}-`))
      .map(({ type, owner }) =>
        fault('MESH_EVENT_OWNER', `its source ${source.name} emits ${type}, which belongs to ${owner}.`),
      ),
  )

const idleContracts = ({ contracts = [], services = [], sources = [] }: Plugin): readonly PluginFault[] => {
  if (services.length + sources.length === 0) return []
  const used = new Set(
    [
      ...services.flatMap(({ consumes, emits }) => [...consumes, ...emits]),
      ...sources.flatMap(({ emits }) => emits),
    ].map(({ type }) => type),
  )
  return contracts
    .filter(({ type }) => !used.has(type))
    .map(({ type }) =>
      fault('MESH_PLUGIN_DECLARES', `it defines ${type}, and nothing of it emits or reads that.`),
    )
}

const twice = (names: readonly string[]): readonly string[] => [
  ...new Set(names.filter((name, nth) => names.indexOf(name) < nth)),
]

const doublets = ({ services = [], sources = [], contracts = [] }: Plugin): readonly PluginFault[] => [
  ...twice(services.map(({ name }) => name)).map((name) =>
    fault('MESH_PLUGIN_CLASH', `two of its services are named ${name}.`),
  ),
  ...twice(sources.map(({ name }) => name)).map((name) =>
    fault('MESH_PLUGIN_CLASH', `two of its sources are named ${name}.`),
  ),
  ...twice(contracts.map(({ type }) => type)).map((type) =>
    fault('MESH_PLUGIN_CLASH', `it defines ${type} twice.`),
  ),
  ...services.flatMap((service) =>
    twice(service.handlers.map(({ name }) => name)).map((name) =>
      fault('MESH_PLUGIN_CLASH', `two handlers of ${service.name} are named ${name}.`),
    ),
  ),
]

/**
 * Looks at what a plugin's module exports.
 *
 * @returns the plugin, or everything that is wrong with it.
 */
export const checkPlugin = (
  module: unknown,
): { readonly plugin?: Plugin; readonly faults: readonly PluginFault[] } => {
  const exported = isObject(module) ? module['default'] : undefined
  if (!isObject(exported)) return { faults: [fault('MESH_PLUGIN_EMPTY', 'it has no default export.')] }
  const parts = ['contracts', 'services', 'sources'].filter((name) => {
    const list = exported[name]
    return list !== undefined && !(Array.isArray(list) && list.length === 0)
  })
  if (parts.length === 0)
    return { faults: [fault('MESH_PLUGIN_EMPTY', 'it brings no services, sources or contracts.')] }
  const { runtime } = exported
  if (typeof runtime === 'string' && fitsRuntime(runtime) === false)
    return {
      faults: [fault('MESH_PLUGIN_RUNTIME', `it is made for mesh ${runtime}; this is ${RUNTIME_VERSION}.`)],
    }
  const form = formFaults(exported)
  if (form.length > 0) return { faults: form }
  const plugin = exported as Plugin
  const faults = [
    ...nameFaults(plugin),
    ...doublets(plugin),
    ...(plugin.services ?? []).flatMap((service) => [
      ...service.handlers.flatMap((handler) => handlerFaults(service, handler)),
      ...idleEmits(service),
    ]),
    ...foreignEmits(plugin),
    ...idleContracts(plugin),
  ]
  return faults.length > 0 ? { faults } : { plugin, faults }
}
