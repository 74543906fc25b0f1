import type { z } from 'zod'

/** One thing that zod has found. */
export type Issue = z.core.$ZodIssue

const EXPECTED: Readonly<Record<string, string>> = {
  string: 'text',
  int: 'an integer',
  number: 'a number',
  boolean: 'true or false',
  array: 'a list',
  object: 'an object',
  record: 'an object',
  null: 'null',
}

const UNITS: Readonly<Record<string, string>> = {
  string: ' characters',
  array: ' items',
  set: ' items',
  map: ' items',
}

const boundMessage = (issue: Issue): string | undefined => {
  if (issue.code === 'too_small') {
    const unit = UNITS[issue.origin]
    if (unit === undefined)
      return `must ${issue.inclusive === false ? 'be more than' : 'not be less than'} ${issue.minimum}`
    return issue.minimum === 1 ? 'must not be empty' : `must have at least ${issue.minimum}${unit}`
  }
  if (issue.code === 'too_big') {
    const unit = UNITS[issue.origin]
    if (unit === undefined)
      return `must ${issue.inclusive === false ? 'be less than' : 'not be more than'} ${issue.maximum}`
    return `must have at most ${issue.maximum}${unit}`
  }
  return undefined
}

/** Plain words in place of zod's own; undefined where the schema's author wrote the message. */
const plainMessage = (issue: Issue): string | undefined => {
  if (!/^(?:Invalid|Too) /.test(issue.message)) return undefined
  if (issue.code === 'invalid_type')
    return `must be ${EXPECTED[issue.expected] ?? `of type ${issue.expected}`}`
  if (issue.code === 'invalid_value') {
    const values = issue.values.map(String).join(', ')
    return issue.values.length === 1 ? `must be ${values}` : `must be one of ${values}`
  }
  return boundMessage(issue)
}

const LONGEST_SEARCH = 1000

/** Every text and number within a value, or undefined where there are too many to look through. */
const leavesOf = (value: unknown): string[] | undefined => {
  const leaves: string[] = []
  const open: unknown[] = [value]
  while (open.length > 0) {
    const next = open.pop()
    const inner: unknown[] = typeof next === 'object' && next !== null ? Object.values(next) : []
    if (inner.length + open.length + leaves.length > LONGEST_SEARCH) return undefined
    open.push(...inner)
    if (typeof next === 'string' || typeof next === 'number') leaves.push(String(next))
  }
  return leaves
}

const isWordCharacter = (character: string | undefined): boolean =>
  character !== undefined && /[\p{L}\p{N}]/u.test(character)

const hasWord = (text: string, word: string): boolean => {
  const at = text.indexOf(word)
  return at >= 0 && !isWordCharacter(text[at - 1]) && !isWordCharacter(text[at + word.length])
}

// What zod says of an absent field, by the kind of its schema.
const MISSING: ReadonlySet<string> = new Set(['invalid_type', 'invalid_value', 'invalid_union'])

const SHORTEST_SECRET = 3

const quotes = (message: string, value: unknown): boolean =>
  leavesOf(value)?.some((leaf) => leaf.length >= SHORTEST_SECRET && hasWord(message, leaf)) ?? true

/**
 * What is wrong, in words that hold no value of the data. A message by the schema's author passes, unless it
 * quotes the value it is about (promise 11).
 *
 * @param value - what the issue is about.
 */
export const messageOf = (issue: Issue, value: unknown): string => {
  if (value === undefined && MISSING.has(issue.code)) return 'is missing'
  return plainMessage(issue) ?? (quotes(issue.message, value) ? 'is not valid' : issue.message)
}
