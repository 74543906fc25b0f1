import type { EventContract } from '@commerce-mesh/contracts'
import type { z } from 'zod'
import type { ConfigCode } from '../finding/finding.ts'
import { nearestKey } from '@commerce-mesh/contracts'
import { RUNTIME_VERSION, fitsRuntime } from './plugin.ts'

/** What is wrong with a plugin. */
export type PluginFault = { readonly code: ConfigCode; readonly message: string; readonly fix?: string }

type Fields = Readonly<Record<string, unknown>>

/** What a part has to have under a name, and that in words. */
type Demand = readonly [name: string, fits: (value: unknown) => boolean, wanted: string]

const NAME = /^[a-z][a-z0-9]*(-[a-z0-9]+)*$/
const HANDLER_NAME = /^[A-Za-z0-9][A-Za-z0-9._-]*$/

/** Whether something has fields at all. */
export const isObject = (value: unknown): value is Fields => typeof value === 'object' && value !== null

const isName = (value: unknown): boolean => typeof value === 'string' && NAME.test(value)
const isFunction = (value: unknown): boolean => typeof value === 'function'
const isTexts = (value: unknown): boolean =>
  Array.isArray(value) && value.every((one) => typeof one === 'string')

/** Of zod 4: what has a `safeParse` alone can't be told as JSON Schema. */
const isSchema = (value: unknown): boolean =>
  isObject(value) && isObject(value['_zod']) && isFunction(value['safeParse'])

/** What it is asked with does not matter: a rule that waits, or throws, would do so while a file is checked. */
const answersAtOnce = (value: unknown): boolean => {
  if (!isSchema(value)) return true
  try {
    ;(value as z.ZodType).safeParse({})
    return true
  } catch {
    return false
  }
}

const isContract = (value: unknown): value is EventContract =>
  isObject(value) &&
  typeof value['name'] === 'string' &&
  typeof value['owner'] === 'string' &&
  value['type'] === `${value['name']}.v${String(value['version'])}` &&
  isSchema(value['data']) &&
  isFunction(value['key']) &&
  isTexts(value['personal'])

const isContracts = (value: unknown): boolean => Array.isArray(value) && value.every(isContract)

const isCollections = (value: unknown): boolean =>
  Array.isArray(value) &&
  value.every((one) => isObject(one) && typeof one['name'] === 'string' && isObject(one['indexes']))

const optional = (fits: (value: unknown) => boolean) => (value: unknown) => value === undefined || fits(value)

const IN_LOWER_CASE = 'lower-case letters, digits and dashes'
const CONTRACTS_OF = 'a list of contracts, each made with defineEvent'
const SCHEMA = 'a zod schema (zod 4)'
const AT_ONCE: Demand = ['options', answersAtOnce, 'checked at once: none of its rules may wait or throw']

const PLUGIN: readonly Demand[] = [
  ['name', isName, `${IN_LOWER_CASE}, such as \`certificates\``],
  ['contracts', optional(isContracts), CONTRACTS_OF],
  ['services', optional(Array.isArray), 'a list, each made with defineService or defineSink'],
  ['sources', optional(Array.isArray), 'a list, each made with defineSource'],
]

const SERVICE: readonly Demand[] = [
  ['name', isName, IN_LOWER_CASE],
  ['options', isSchema, SCHEMA],
  AT_ONCE,
  ['handlers', Array.isArray, 'a list, each made with on or handles'],
  ['emits', isContracts, `${CONTRACTS_OF}; \`[]\` for none`],
  ['collections', optional(isCollections), 'a list, each with a name and indexes'],
  ['initialState', isFunction, 'a function'],
  ['concurrency', (value) => Number.isSafeInteger(value) && Number(value) >= 1, 'a whole number, 1 or more'],
  ['start', isFunction, 'a function, or left out'],
  ['consumes', Array.isArray, 'there: make the service with defineService or defineSink'],
]

const HANDLER: readonly Demand[] = [
  [
    'name',
    (value) => typeof value === 'string' && HANDLER_NAME.test(value),
    'letters, digits, dots and dashes',
  ],
  ['contract', isContract, 'a contract made with defineEvent'],
  ['emits', optional(isContracts), CONTRACTS_OF],
  ['reads', optional(isTexts), 'a list of paths, such as `learner.email`'],
  ['exhausted', optional(isFunction), 'a function, or left out'],
  ['options', optional(isSchema), SCHEMA],
  AT_ONCE,
]

const SOURCE: readonly Demand[] = [
  ['name', isName, `${IN_LOWER_CASE}: it becomes a part of an address`],
  ['options', isSchema, SCHEMA],
  AT_ONCE,
  ['emits', isContracts, CONTRACTS_OF],
  ['secrets', isFunction, 'a function'],
  ['verify', isFunction, 'a function'],
  ['read', isFunction, 'a function'],
]

const invalid = (message: string): PluginFault => ({ code: 'MESH_PLUGIN_INVALID', message })

const unmet = (part: unknown, demands: readonly Demand[], who: string): readonly PluginFault[] =>
  isObject(part)
    ? demands
        .filter(([name, fits]) => !fits(part[name]))
        .map(([name, , wanted]) => invalid(`${who}${name} must be ${wanted}.`))
    : [invalid(`${who.trimEnd().replace(/:$/, '')} is no object.`)]

const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : [])

/** A part by its name, or by its place in the list. */
const called = (what: string, part: unknown, nth: number): string =>
  `${what} ${isObject(part) && typeof part['name'] === 'string' && part['name'] !== '' ? part['name'] : nth + 1}`

const serviceFaults = (service: unknown, nth: number): readonly PluginFault[] => {
  const who = called('its service', service, nth)
  return [
    ...unmet(service, SERVICE, `${who}: `),
    ...listOf(isObject(service) ? service['handlers'] : []).flatMap((handler, at) =>
      unmet(handler, HANDLER, `${who}, ${called('handler', handler, at)}: `),
    ),
  ]
}

const runtimeFaults = ({ runtime }: Fields): readonly PluginFault[] =>
  typeof runtime === 'string' && fitsRuntime(runtime) !== undefined
    ? []
    : [
        invalid(
          `it must say which release of the mesh it is made for: runtime: '${RUNTIME_VERSION.replace(/\.\d+$/, '')}'.`,
        ),
      ]

const strangeParts = (plugin: Fields): readonly PluginFault[] => {
  const known = ['runtime', ...PLUGIN.map(([name]) => name)]
  return Object.keys(plugin)
    .filter((name) => !known.includes(name))
    .map((name) => {
      const near = name === 'sinks' || name === 'handlers' ? 'services' : nearestKey(name, known)
      return {
        ...invalid(`there is no part '${name}' of a plugin.`),
        fix: near === undefined ? `Its parts: ${known.join(', ')}.` : `Did you mean '${near}'?`,
      }
    })
}

/** What keeps an export from being taken for a plugin: parts that are missing or of another kind. */
export const formFaults = (plugin: Fields): readonly PluginFault[] => [
  ...unmet(plugin, PLUGIN, 'its '),
  ...runtimeFaults(plugin),
  ...strangeParts(plugin),
  ...listOf(plugin['services']).flatMap(serviceFaults),
  ...listOf(plugin['sources']).flatMap((source, nth) =>
    unmet(source, SOURCE, `${called('its source', source, nth)}: `),
  ),
]
