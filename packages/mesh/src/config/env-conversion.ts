import type { z } from 'zod'
import { valueAt } from '../finding/issue-findings.ts'
import { layer } from './layer.ts'
import { pathText } from '../finding/path.ts'
import type { YamlSource } from './yaml-source.ts'

const fromEnvironment = (text: string, expected: string): unknown => {
  if (expected === 'boolean') return text === 'true' ? true : text === 'false' ? false : undefined
  if (expected !== 'number' && expected !== 'int') return undefined
  return /^-?\d+(\.\d+)?$/.test(text) ? Number(text) : undefined
}

const nest = (path: readonly PropertyKey[], value: unknown): unknown =>
  path.toReversed().reduce<unknown>((inner, step) => ({ [step]: inner }), value)

/**
 * A `${PORT}` comes as text. Where a schema complained that it wants a number or a truth value instead, it becomes
 * one; so a password made of digits stays the text that its schema wants.
 */
export const convertReferences = (
  source: YamlSource,
  root: unknown,
  issues: readonly z.core.$ZodIssue[],
): unknown =>
  issues.reduce<unknown>((value, issue) => {
    const text = valueAt(root, issue.path)
    if (issue.code !== 'invalid_type' || typeof text !== 'string') return value
    if (source.entries.get(pathText(issue.path))?.env === undefined) return value
    const converted = fromEnvironment(text, issue.expected)
    return converted === undefined ? value : layer(value, nest(issue.path, converted))
  }, root)
