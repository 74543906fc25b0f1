import { CONTRACTS, type EventContract, jsonSchemaOf, schemasAt } from '@commerce-mesh/contracts'
import type { ConfigCode } from '../config/finding.ts'
import { type HandlerDeclaration, isHandler } from '../service/handler.ts'
import { type Service, startsNothing } from '../service/service.ts'
import type { Source } from '../source/source.ts'
import { type Plugin, RUNTIME_VERSION, fitsRuntime } from './plugin.ts'

/** What is wrong with a plugin. */
export type PluginFault = { readonly code: ConfigCode; readonly message: string; readonly fix?: string }

const NAME = /^[a-z][a-z0-9]*(-[a-z0-9]+)*$/

const fault = (code: ConfigCode, message: string, fix?: string): PluginFault => ({
  code,
  message,
  ...(fix !== undefined && { fix }),
})

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null

const isSchema = (value: unknown): boolean => isObject(value) && typeof value['safeParse'] === 'function'

const isContract = (value: unknown): value is EventContract =>
  isObject(value) &&
  typeof value['type'] === 'string' &&
  isSchema(value['data']) &&
  typeof value['key'] === 'function'

const isHandlerDeclaration = (value: unknown): value is HandlerDeclaration =>
  isObject(value) && typeof value['name'] === 'string' && isContract(value['contract'])

const listFault = (
  value: unknown,
  what: string,
  fits: (one: unknown) => boolean,
  how: string,
): readonly PluginFault[] =>
  value === undefined || (Array.isArray(value) && value.every(fits))
    ? []
    : [fault('MESH_PLUGIN_INVALID', `its ${what} must be a list, each made with ${how}.`)]

const isService = (value: unknown): value is Service =>
  isObject(value) &&
  typeof value['name'] === 'string' &&
  isSchema(value['options']) &&
  Array.isArray(value['handlers']) &&
  value['handlers'].every(isHandlerDeclaration) &&
  Array.isArray(value['emits']) &&
  value['emits'].every(isContract) &&
  Array.isArray(value['consumes']) &&
  typeof value['initialState'] === 'function' &&
  typeof value['start'] === 'function' &&
  Number.isSafeInteger(value['concurrency']) &&
  Number(value['concurrency']) >= 1

const isSource = (value: unknown): value is Source =>
  isObject(value) &&
  typeof value['name'] === 'string' &&
  NAME.test(value['name']) &&
  isSchema(value['options']) &&
  Array.isArray(value['emits']) &&
  value['emits'].every(isContract) &&
  ['secrets', 'verify', 'read'].every((name) => typeof value[name] === 'function')

/** What keeps an export from being taken for a plugin. */
const formFaults = (value: Readonly<Record<string, unknown>>): readonly PluginFault[] => [
  ...(typeof value['name'] === 'string' && NAME.test(value['name'])
    ? []
    : [
        fault(
          'MESH_PLUGIN_INVALID',
          'its name must be lower-case letters, digits and dashes, such as `certificates`.',
        ),
      ]),
  ...(typeof value['runtime'] === 'string' && fitsRuntime(value['runtime']) !== undefined
    ? []
    : [
        fault(
          'MESH_PLUGIN_INVALID',
          `it must say which release of the mesh it is made for: runtime: '${RUNTIME_VERSION.replace(/\.\d+$/, '')}'.`,
        ),
      ]),
  ...listFault(value['contracts'], 'contracts', isContract, 'defineEvent'),
  ...listFault(value['services'], 'services', isService, 'defineService or defineSink'),
  ...listFault(value['sources'], 'sources', isSource, 'defineSource'),
]

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

const doublets = ({ services = [] }: Plugin): readonly PluginFault[] =>
  services.flatMap(({ name, handlers }) =>
    new Set(handlers.map((handler) => handler.name)).size === handlers.length
      ? []
      : [fault('MESH_PLUGIN_DECLARES', `${name} declares two handlers of one name.`)],
  )

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
  const form = formFaults(exported)
  if (form.length > 0) return { faults: form }
  const plugin = exported as Plugin
  if (fitsRuntime(plugin.runtime) === false)
    return {
      faults: [
        fault('MESH_PLUGIN_RUNTIME', `it is made for mesh ${plugin.runtime}; this is ${RUNTIME_VERSION}.`),
      ],
    }
  const faults = [
    ...nameFaults(plugin),
    ...doublets(plugin),
    ...(plugin.services ?? []).flatMap((service) => [
      ...service.handlers.flatMap((handler) => handlerFaults(service, handler)),
      ...idleEmits(service),
    ]),
    ...idleContracts(plugin),
  ]
  return faults.length > 0 ? { faults } : { plugin, faults }
}
