import { isUtf8 } from 'node:buffer'
import { scanMembers } from './member-scan.ts'
import { findSyntaxFault } from './syntax.ts'
import { findUtf8Fault } from './utf8.ts'

/** Bytes that are not the JSON the edge accepts. The message holds none of the text but, at most, names of keys. */
export class JsonFault extends Error {
  override readonly name = 'JsonFault'
  /** The same in the words of Python, where it has any: for the Coordinator's endpoint alone. */
  readonly python: string

  constructor(message: string, python = message) {
    super(message)
    this.python = python
  }
}

const decode = (bytes: Buffer): string => {
  if (isUtf8(bytes)) return bytes.toString('utf8')
  const fault = findUtf8Fault(bytes)
  throw new JsonFault(fault?.message ?? 'It is not UTF-8', fault?.python)
}

const parse = (text: string, maxDepth: number): unknown => {
  try {
    return JSON.parse(text)
  } catch {
    const fault = findSyntaxFault(text, maxDepth)
    throw new JsonFault(fault?.message ?? 'A value is expected', fault?.python)
  }
}

/**
 * Reads JSON strictly: UTF-8 without a byte order mark, no key twice in an object, nested at most `maxDepth` deep.
 *
 * @throws JsonFault that says what is wrong and where.
 */
export const parseJson = (bytes: Buffer, maxDepth: number): unknown => {
  const text = decode(bytes)
  const value = parse(text, maxDepth)
  const fault = scanMembers(text, maxDepth)
  if (fault?.kind === 'duplicate') throw new JsonFault(`Key '${fault.path}' stands twice in its object`)
  if (fault?.kind === 'depth') throw new JsonFault(`Nested deeper than ${maxDepth} levels at '${fault.path}'`)
  return value
}
