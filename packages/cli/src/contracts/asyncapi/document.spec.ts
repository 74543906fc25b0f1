import { CONTRACTS, type SchemaNode } from '@commerce-mesh/contracts'
import { describe, expect, it } from '@jest/globals'
import { SEATS, SERVICES } from '../reference/seat.fixture.ts'
import { z } from 'zod'
import { asyncApiOf } from './document.ts'

const document = asyncApiOf(SEATS, SERVICES, '1.2.3')

const entriesOf = (value: unknown): readonly (readonly [string, unknown])[] =>
  typeof value === 'object' && value !== null
    ? Object.entries(value).flatMap(([name, inner]) => [[name, inner] as const, ...entriesOf(inner)])
    : []

const at = (pointer: string): unknown =>
  pointer
    .replace('#/', '')
    .split('/')
    .reduce<unknown>((value, name) => (value as Record<string, unknown> | undefined)?.[name], document)

/** What JSON Schema has had since draft 07, which is what AsyncAPI's own schemas are made of. */
const NEWER = ['prefixItems', 'dependentSchemas', 'unevaluatedProperties', 'unevaluatedItems', '$dynamicRef']

const keywordsOf = (node: SchemaNode): readonly string[] => entriesOf(node).map(([name]) => name)

describe('the AsyncAPI document', () => {
  it('has a channel with the address of its topic for each event', () => {
    expect(document.channels['seat.reserved.v1']).toMatchObject({
      address: 'seat.reserved.v1',
      summary: 'A seat is held <b>until</b> the order is paid.',
      messages: { 'seat.reserved.v1': { $ref: '#/components/messages/seat.reserved.v1' } },
      tags: [{ name: 'shop' }],
      'x-owner': 'shop',
      'x-key': ['order'],
      'x-personal': ['buyer'],
    })
  })

  it('says of a message what its headers, key and data are, and gives an example', () => {
    expect(document.components.messages['seat.reserved.v1']).toMatchObject({
      contentType: 'application/json',
      headers: { properties: { ce_type: { const: 'seat.reserved.v1' }, ce_specversion: { const: '1.0' } } },
      payload: { $ref: '#/components/schemas/seat.reserved.v1' },
      bindings: { kafka: { key: { type: 'string', description: 'Made of: order.' } } },
      examples: [{ headers: { ce_type: 'seat.reserved.v1' }, payload: { order: 'A<1' } }],
    })
    expect(document.components.messages['tree.grown.v1']).toMatchObject({ examples: [] })
  })

  it('has an operation for each service that sends or receives an event', () => {
    expect(Object.keys(document.operations)).toEqual([
      'shop.send.seat.reserved.v1',
      'usher.receive.seat.reserved.v1',
      'board.receive.seat.reserved.v1',
      'shop.send.seat.reserved.v2',
      'usher.receive.seat.reserved.v2',
    ])
    expect(document.operations['usher.receive.seat.reserved.v1']).toMatchObject({
      action: 'receive',
      channel: { $ref: '#/channels/seat.reserved.v1' },
      messages: [{ $ref: '#/channels/seat.reserved.v1/messages/seat.reserved.v1' }],
      tags: [{ name: 'usher' }],
      'x-handlers': [
        { name: 'show-to-seat', reads: ['count'], as: 'seat.reserved.v2', when: 'order begins with A' },
      ],
    })
  })

  it('refers only to what it has, also from within schemas that contain themselves', () => {
    const references = entriesOf(document).flatMap(([name, value]) =>
      name === '$ref' && typeof value === 'string' ? [value] : [],
    )
    expect(references).toContain('#/components/schemas/tree.grown.v1/$defs/side-branch')
    expect(references.filter((pointer) => at(pointer) === undefined)).toEqual([])
  })

  it('of our contracts has examples that keep the schemas of headers and data', () => {
    const { messages, schemas } = asyncApiOf(CONTRACTS, [], '1.2.3').components
    for (const { type } of CONTRACTS) {
      const { headers, examples } = messages[type] as {
        headers: z.core.JSONSchema.JSONSchema
        examples: readonly { headers: unknown; payload: unknown }[]
      }
      const [example] = examples
      // zod takes a URI reference for a URL.
      const { ce_source: _source, ...checked } = headers.properties ?? {}
      expect(
        z.fromJSONSchema({ ...headers, properties: checked }).safeParse(example?.headers).error,
      ).toBeUndefined()
      const data = z.fromJSONSchema(schemas[type] as z.core.JSONSchema.JSONSchema)
      expect(data.safeParse(example?.payload).error).toBeUndefined()
      expect(data.safeParse({ ...(example?.payload as object), surplus: 1 }).success).toBe(false)
    }
  })

  it('of our contracts needs nothing of JSON Schema that AsyncAPI does not know', () => {
    const ours = asyncApiOf(CONTRACTS, [], '1.2.3').components.schemas
    const used = new Set(Object.values(ours).flatMap(keywordsOf))
    expect(NEWER.filter((keyword) => used.has(keyword))).toEqual([])
    expect(used.has('$schema')).toBe(false)
  })
})
