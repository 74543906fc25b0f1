import { MeshError } from '../errors/mesh-error.ts'
import type { MeshCode } from '../errors/catalogue.ts'

/** SQLITE_CORRUPT and SQLITE_NOTADB, in SQLite's own words (https://www.sqlite.org/rescode.html). */
const DAMAGED = /malformed|not a database/i

/** What an error of SQLite means for people: a damaged file has a code of its own, whatever was tried. */
export const dataFailure = (cause: unknown, otherwise: MeshCode, tried: string): MeshError => {
  if (cause instanceof MeshError) return cause
  const words = Error.isError(cause) ? cause.message : String(cause)
  const code = DAMAGED.test(words) ? 'MESH_DATA_DAMAGED' : otherwise
  return new MeshError(code, `${tried}: ${words}.`, { cause })
}
