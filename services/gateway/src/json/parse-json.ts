import { isUtf8 } from 'node:buffer'
import { scanMembers } from './member-scan.ts'
import { findSyntaxFault } from './syntax.ts'
import { findUtf8Fault } from './utf8.ts'

/** Bytes that are not the JSON the edge accepts. The message holds none of the text but, at most, names of keys. */
export class JsonFault extends Error {
  override readonly name = 'JsonFault'
}

const decode = (bytes: Buffer): string => {
  if (isUtf8(bytes)) return bytes.toString('utf8')
  throw new JsonFault(findUtf8Fault(bytes) ?? 'not UTF-8')
}

const parse = (text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch {
    throw new JsonFault(findSyntaxFault(text)?.message ?? 'Expecting value')
  }
}

/**
 * Reads JSON strictly: UTF-8 without a byte order mark, no key twice in an object, nested at most `maxDepth` deep.
 *
 * @throws JsonFault that says what is wrong and where.
 */
export const parseJson = (bytes: Buffer, maxDepth: number): unknown => {
  const text = decode(bytes)
  const value = parse(text)
  const fault = scanMembers(text, maxDepth)
  if (fault?.kind === 'duplicate') throw new JsonFault(`Key '${fault.path}' stands twice in its object`)
  if (fault?.kind === 'depth') throw new JsonFault(`Nested deeper than ${maxDepth} levels at '${fault.path}'`)
  return value
}
