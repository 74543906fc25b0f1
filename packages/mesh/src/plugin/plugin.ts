import type { EventContract } from '@commerce-mesh/contracts'
import type { Service } from '../service/service.ts'
import type { Source } from '../source/source.ts'

/** What a plugin adds to a mesh. */
export type Plugin = {
  /** Lower-case letters, digits and dashes. Its services are named so, or begin so: `certificates`, `certificates-mail`. */
  readonly name: string
  /** Release of the mesh that it is made for: `0.1`. Fits every release with the same first number that is not zero. */
  readonly runtime: string
  /** Events that it defines. */
  readonly contracts?: readonly EventContract[]
  /** Handlers, in services of their own; what {@link defineSink} makes belongs here too. */
  readonly services?: readonly Service<never, never>[]
  /** Webhooks of providers. */
  readonly sources?: readonly Source<never>[]
}

/** What a plugin says of itself, services and sources with their own types. */
export type PluginDeclaration = Omit<Plugin, 'services' | 'sources'> & {
  // What state and options are is each service's own affair; nothing else could be said of all of them.
  readonly services?: readonly object[]
  readonly sources?: readonly object[]
}

/** Declares a plugin; the default export of its file or package. */
export const definePlugin = (declaration: PluginDeclaration): Plugin => Object.freeze(declaration) as Plugin

/** Release of the runtime that plugins are held against. */
export const RUNTIME_VERSION = '0.1.0'

const numbersOf = (version: string): readonly number[] | undefined =>
  /^\d+(\.\d+){0,2}$/.test(version) ? version.split('.').map(Number) : undefined

/**
 * Whether a plugin that is made for one release runs on another: the same first number that is not zero, and not an older one.
 *
 * @returns undefined where `wanted` is no release.
 */
export const fitsRuntime = (wanted: string, release: string = RUNTIME_VERSION): boolean | undefined => {
  const want = numbersOf(wanted)
  const have = numbersOf(release)
  if (want === undefined || have === undefined) return undefined
  const leading = have.findIndex((number) => number > 0)
  const major = leading < 0 ? have.length - 1 : leading
  for (const [nth, number] of have.entries()) {
    const asked = want[nth] ?? 0
    if (number !== asked) return nth > major && number > asked
  }
  return true
}
