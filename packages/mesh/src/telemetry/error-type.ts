import { isMeshError } from '../errors/mesh-error.ts'

/** `error.type` of whatever was thrown: a code of the catalogue, or the error's name; never its words (promise 11). */
export const errorTypeOf = (thrown: unknown): string => {
  if (isMeshError(thrown)) return thrown.code
  return Error.isError(thrown) ? thrown.name : typeof thrown
}
