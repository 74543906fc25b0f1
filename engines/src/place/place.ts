import path from 'node:path'

/** Root of the clone. */
export const repository = path.resolve(import.meta.dirname, '../../..')

/** Where one set of engines lives. */
export type Place = {
  /** State file, lock, logs and data of this set. */
  readonly home: string
  /** What was fetched or built once and serves every set. */
  readonly recipes: string
}

const all = path.join(repository, '.engines')

/** What was fetched or built once: `.engines/recipes` of the clone. */
export const RECIPES = path.join(all, 'recipes')

/** The engines of `npm run engines`, or those in the folder that MESH_ENGINES_HOME names. */
export const developmentPlace = (env: Readonly<Record<string, string | undefined>>): Place => {
  const home = env['MESH_ENGINES_HOME'] ?? ''
  return { home: home === '' ? all : path.resolve(home), recipes: RECIPES }
}

/** The engines of a test run; always begun afresh. */
export const testPlace: Place = { home: path.join(all, 'test'), recipes: RECIPES }

/** Folder of an engine's data in a set. */
export const dataOf = (place: Place, engine: string): string => path.join(place.home, 'data', engine)
