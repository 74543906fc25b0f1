import { z } from 'zod'
import type { EventContract } from '../event.ts'
import { keyPathsOf } from './key-paths.ts'
import type { SchemaNode } from './node.ts'

const RULE_WITHOUT_WORDS = 'has a rule without words'

const ruleOf = (check: z.core.$ZodCheck): readonly string[] => {
  const { check: kind, error } = check._zod.def
  if (kind !== 'custom') return []
  const words = error?.({ code: 'custom', input: undefined, path: [], inst: check } as never)
  const text = typeof words === 'string' ? words : (words?.message ?? RULE_WITHOUT_WORDS)
  const { path = [] } = check._zod.def as { path?: readonly PropertyKey[] }
  return [path.length === 0 ? text : `${path.map(String).join('.')}: ${text}`]
}

/** JSON Schema can't say what a `refine` checks; the rule's own words stand in its place. */
const tellRules = ({ zodSchema, jsonSchema }: { zodSchema: z.core.$ZodTypes; jsonSchema: object }): void => {
  const rules = (zodSchema._zod.def.checks ?? []).flatMap(ruleOf)
  if (rules.length > 0) Object.assign(jsonSchema, { 'x-rules': rules })
}

/** JSON Schema of data as it may be written. */
export const schemaOf = (data: z.ZodType): SchemaNode =>
  z.toJSONSchema(data, { io: 'input', unrepresentable: 'any', override: tellRules }) as SchemaNode

const known = new WeakMap<EventContract, SchemaNode>()

/**
 * A contract as JSON Schema 2020-12, as it is published: `title` is the type, `description` the summary, `x-owner`, `x-key`
 * and `x-personal` say the rest, `x-rules` name what JSON Schema can't check.
 */
export const jsonSchemaOf = (contract: EventContract): SchemaNode => {
  const found = known.get(contract)
  if (found !== undefined) return found
  const { $schema = '', ...schema } = schemaOf(contract.data)
  const made: SchemaNode = {
    $schema,
    title: contract.type,
    description: contract.summary,
    'x-owner': contract.owner,
    'x-key': keyPathsOf(contract),
    'x-personal': contract.personal,
    ...schema,
  }
  known.set(contract, made)
  return made
}
