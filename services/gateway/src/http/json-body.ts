import { z } from 'zod'
import { JsonFault, parseJson } from '../json/parse-json.ts'
import { fieldErrors } from '../problem/field-errors.ts'
import { invalid, malformed } from '../problem/refusal.ts'
import { demandJson } from './media-type.ts'
import type { BodyReader } from './route.ts'

/** Reads JSON of any shape. @throws Refusal 400 that names the place, never the text. */
export const readJson = (bytes: Buffer, maxDepth: number): unknown => {
  if (bytes.length === 0) throw malformed('The body is empty; a JSON object is needed.')
  try {
    return parseJson(bytes, maxDepth)
  } catch (thrown) {
    if (thrown instanceof JsonFault) throw malformed(`The body is not acceptable JSON: ${thrown.message}.`)
    throw thrown
  }
}

/** A body in JSON that must fit the schema: 400 when it can't be read, 422 when it does not fit. */
export const jsonBody = <S extends z.ZodType>(schema: S, maxDepth: number): BodyReader<z.output<S>> => {
  const fast = z.compile(schema)
  return {
    schema,
    accept: demandJson,
    decode: (bytes) => {
      const data = readJson(bytes, maxDepth)
      const parsed = fast.safeParse(data)
      if (parsed.success) return parsed.data
      throw invalid(
        'The body breaks the contract of this endpoint; `errors` lists the fields.',
        fieldErrors(parsed.error, schema, data),
      )
    },
  }
}

/** Reads a query string. @throws Refusal 422 that names the parameter. */
export const readQuery = <S extends z.ZodType>(
  schema: S,
  query: Readonly<Record<string, unknown>>,
): z.output<S> => {
  const parsed = schema.safeParse({ ...query })
  if (parsed.success) return parsed.data
  throw invalid(
    'The query string breaks the contract of this endpoint; `errors` lists the parameters.',
    fieldErrors(parsed.error, schema, query),
  )
}
