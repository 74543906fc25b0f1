import { describe, expect, it } from '@jest/globals'
import { z } from 'zod'
import { CONTRACTS } from '../registry.ts'
import { unknownPaths } from './personal-path.ts'

const person = z.strictObject({ name: z.string(), email: z.string().optional() })
const tree: z.ZodType = z.lazy(() => z.strictObject({ email: z.string(), children: z.array(tree) }))
const schema = z
  .strictObject({
    email: z.string().nullable(),
    learner: person.nullable(),
    guests: z.array(person).max(3),
    pair: z.tuple([z.number(), person]),
    byRole: z.record(z.string(), person),
    contact: z.union([z.strictObject({ phone: z.string() }), z.strictObject({ email: z.string() })]),
    family: tree,
    anything: z.unknown(),
    born: z.date(),
  })
  .refine(() => true)

describe('personal paths', () => {
  it.each([
    'email',
    'learner',
    'learner.email',
    'guests.*.email',
    'guests',
    'pair.*.name',
    'byRole.*.email',
    'contact.phone',
    'contact.email',
    'family.children.*.children.*.email',
    'anything',
    'born',
  ])('%s is found', (path) => {
    expect(unknownPaths(schema, [path])).toEqual([])
  })

  it.each([
    'mail',
    '',
    'learner.mail',
    'learner.email.domain',
    'guests.email',
    'guests.0.email',
    'guests.*.mail',
    'byRole.teacher.email',
    'contact.fax',
    'anything.email',
    'family.children.*.mail',
    '*',
    '*.email',
  ])('%j is not', (path) => {
    expect(unknownPaths(schema, [path])).toEqual([path])
  })
})

/** Walks z.toJSONSchema by hand, apart from the code under test. */
const fieldAt = (contract: (typeof CONTRACTS)[number], path: string): unknown => {
  let node: unknown = z.toJSONSchema(contract.data)
  for (const segment of path.split('.')) {
    const { properties = {} } = node as { properties?: Record<string, unknown> }
    node = properties[segment]
  }
  return node
}

describe.each(CONTRACTS.map((contract) => ({ type: contract.type, contract })))('$type', ({ contract }) => {
  it('has every path that it marks as personal', () => {
    for (const path of contract.personal) expect(fieldAt(contract, path)).toMatchObject({ type: 'string' })
    expect(unknownPaths(contract.data, contract.personal)).toEqual([])
  })

  it('marks every field whose name says that it is personal', () => {
    const names = JSON.stringify(z.toJSONSchema(contract.data)).match(/"(?:email|username)":/g) ?? []
    expect(contract.personal).toHaveLength(names.length)
  })
})
