import {
  CONTRACTS,
  type EventContract,
  judgeEvent,
  sampleEventOf,
  sourceOf,
  toStructured,
} from '@commerce-mesh/contracts'
import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import type { BusRecord } from '../bus/bus.ts'
import { on } from '../service/handler.ts'
import { done } from '../service/outcome.ts'
import { knownId } from '../aggregate/known-id.ts'
import { decode } from './decode.ts'
import { rulesOf } from './rules.fixture.ts'

// `judgeEvent` promises a vendor what the mesh would say to the same event as a record. What only the topic or the record's own
// key could tell is left out: the event goes to the topic of its type, under its partition key or else the contract's key.

const SHOP = '/example-shop'
const contracts = new Map(CONTRACTS.map((contract) => [contract.type, contract]))
const grants = new Map([[SHOP, new Set(['order.submitted.v1'])]])
const handlers = CONTRACTS.map((contract) =>
  on(contract, contract.name, (_event, state: object) => done(state)),
)
const rules = { ...rulesOf(handlers), grants }

const recordOf = (topic: string, key: string | null, value: Uint8Array): BusRecord => ({
  topic,
  key,
  value,
  headers: { 'content-type': 'application/cloudevents+json' },
  partition: 0,
  offset: 0,
  timestamp: 1_700_000_000_000,
})

type Members = Record<string, unknown>

const parsed = (text: string): Members => {
  try {
    return Object(JSON.parse(text)) as Members
  } catch {
    return {}
  }
}

/** The record key that a vendor would give an event. */
const keyFor = ({ partitionkey, data }: Members, contract: EventContract): string | null => {
  if (typeof partitionkey === 'string') return partitionkey
  if (partitionkey !== undefined && partitionkey !== null) return JSON.stringify(partitionkey)
  try {
    return contract.key(data)
  } catch {
    return null
  }
}

const compare = (value: Uint8Array, contract: EventContract): string => {
  const members = parsed(Buffer.from(value).toString())
  const judged = judgeEvent(value, { contracts, grants })
  const decoded = decode(recordOf(contract.type, keyFor(members, contract), value), rules)
  const found = 'refused' in decoded ? decoded.refused : 'ok'
  expect({ verdict: judged.verdict, text: members }).toEqual({ verdict: found, text: members })
  if ('refused' in decoded && judged.verdict !== 'ok') {
    const own = decoded.findings.filter(({ path }) => path !== 'record key' && path !== 'type')
    expect(judged.findings).toEqual(expect.arrayContaining(own))
  }
  if (judged.verdict === 'ok' && !('refused' in decoded))
    expect([knownId({ id: judged.id, source: decoded.event.source }, contract.name), judged.key]).toEqual([
      decoded.event.id,
      decoded.key,
    ])
  return found
}

const contract = fc.constantFrom(...CONTRACTS)

const membersOf = (one: EventContract): Members => parsed(toStructured(sampleEventOf(one)))

const oddText = fc.oneof(fc.string(), fc.string({ unit: 'binary' }), fc.constantFrom('', 'EDX-100001', '1.0'))

const attribute = fc.constantFrom(
  'specversion',
  'id',
  'source',
  'subject',
  'time',
  'datacontenttype',
  'dataschema',
  'partitionkey',
  'traceparent',
  'data',
  'data_base64',
)

const source = fc.constantFrom(SHOP, '/elsewhere', ...CONTRACTS.map(({ owner }) => sourceOf(owner)))

/** Attributes of one event that are changed, left out, or of another kind. */
const changes = fc.record(
  {
    changed: fc.dictionary(attribute, fc.oneof(oddText, fc.jsonValue()), { maxKeys: 3 }),
    source,
    left: attribute,
  },
  { requiredKeys: [] },
)

const changedBy = (
  members: Members,
  { changed = {}, source: from, left }: { changed?: Members; source?: string; left?: string },
) => {
  const next: Members = { ...members, ...(from !== undefined && { source: from }), ...changed }
  if (left !== undefined) delete next[left]
  return next
}

/** Paths of every value within data. */
const pathsIn = (value: unknown): readonly (readonly string[])[] =>
  typeof value === 'object' && value !== null
    ? Object.entries(value).flatMap(([name, inner]) => [
        [name],
        ...pathsIn(inner).map((rest) => [name, ...rest]),
      ])
    : []

const replaced = (value: unknown, [first, ...rest]: readonly string[], by: unknown): unknown => {
  if (first === undefined) return by
  const copy: unknown = Array.isArray(value) ? [...(value as unknown[])] : { ...(value as object) }
  Reflect.set(copy as object, first, replaced(Reflect.get(copy as object, first), rest, by))
  return copy
}

const bytesOf = (members: Members): Uint8Array => Buffer.from(JSON.stringify(members))

describe('judgeEvent and decode', () => {
  const seen = new Map<string, number>()
  const count = (verdict: string) => seen.set(verdict, (seen.get(verdict) ?? 0) + 1)

  it('agree on events with changed attributes', () => {
    fc.assert(
      fc.property(
        contract,
        changes,
        (one, by) => void count(compare(bytesOf(changedBy(membersOf(one), by)), one)),
      ),
      { numRuns: 1_000 },
    )
    for (const verdict of ['ok', 'contract', 'poison']) expect(seen.get(verdict)).toBeGreaterThan(20)
  })

  it('agree on events with one value of their data changed', () => {
    fc.assert(
      fc.property(contract, fc.nat(), fc.oneof(fc.jsonValue(), oddText), (one, at, by) => {
        const members = membersOf(one)
        const paths = pathsIn(members['data'])
        const path = paths[at % paths.length] ?? []
        compare(bytesOf({ ...members, data: replaced(members['data'], path, by) }), one)
      }),
      { numRuns: 1_000 },
    )
  })

  it('agree on bytes that were damaged on the way', () => {
    fc.assert(
      fc.property(contract, fc.nat(), fc.uint8Array({ maxLength: 3 }), fc.nat(3), (one, at, by, without) => {
        const sound = bytesOf(membersOf(one))
        const place = at % sound.length
        const damaged = Buffer.concat([sound.subarray(0, place), by, sound.subarray(place + without)])
        // Damage may make another type of it, which only the topic could tell.
        const { type } = parsed(damaged.toString())
        fc.pre(type === undefined || typeof type !== 'string' || type === one.type)
        compare(damaged, one)
      }),
      { numRuns: 1_000 },
    )
  })

  it('agree on any bytes', () => {
    const bytes = fc.oneof(
      fc.uint8Array({ maxLength: 100 }),
      fc.json().map((json) => Buffer.from(json)),
    )
    fc.assert(
      fc.property(contract, bytes, (one, value) => void compare(value, one)),
      { numRuns: 500 },
    )
  })

  it('agree on what is too large', () => {
    const members = { ...membersOf(CONTRACTS[0] as EventContract), note: 'x'.repeat(1_000_000) }
    expect(compare(bytesOf(members), CONTRACTS[0] as EventContract)).toBe('contract')
  })

  it('agree where a contract fails', () => {
    const [first] = CONTRACTS as readonly [EventContract]
    const faulty = {
      ...first,
      key: () => {
        throw new RangeError('marker')
      },
    }
    const value = bytesOf(membersOf(first))
    const judged = judgeEvent(value, { contracts: new Map([[faulty.type, faulty]]), grants })
    const decoded = decode(recordOf(faulty.type, 'k', value), {
      ...rulesOf([on(faulty, 'take', (_event, state: object) => done(state))]),
      grants,
    })
    expect([judged.verdict, decoded]).toMatchObject(['poison', { refused: 'poison' }])
  })
})
