/** Shared with the preload, which may have loaded this file under another address. */
const LOADED = Symbol.for('commerce-mesh.instrumentations')

type Holder = { [LOADED]?: readonly string[] }

/** Instrumentations that the preload has put in place; undefined: it did not run. */
export const loadedInstrumentations = (): readonly string[] | undefined => (globalThis as Holder)[LOADED]

/** Notes what the preload has put in place. */
export const noteLoaded = (names: readonly string[]): void => {
  ;(globalThis as Holder)[LOADED] = names
}
