import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { z } from 'zod'
import { fromStructured, toStructured } from '../cloud-events/json-format.ts'
import { MAX_EVENT_BYTES, MAX_FINDINGS } from '../cloud-events/limits.ts'
import { defineEvent, type EventContract } from '../event.ts'
import { orderPlaced } from '../order/order-placed.ts'
import { orderSubmitted } from '../order/order-submitted.ts'
import { CONTRACTS } from '../registry.ts'
import { sampleEventOf } from '../samples.ts'
import { judgeEvent, type JudgeRules } from './judge.ts'

const contracts = new Map(CONTRACTS.map((contract) => [contract.type, contract]))
const strict: JudgeRules = { contracts, grants: new Map() }

const members = (): Record<string, unknown> =>
  JSON.parse(toStructured(sampleEventOf(orderPlaced, { id: 'e-7' }))) as Record<string, unknown>

const judge = (more: object, rules = strict) => judgeEvent(JSON.stringify({ ...members(), ...more }), rules)

const told = (verdict: ReturnType<typeof judgeEvent>) =>
  verdict.verdict === 'ok' ? [] : verdict.findings.map(({ path, message }) => `${path}: ${message}`)

const paths = (verdict: ReturnType<typeof judgeEvent>) =>
  verdict.verdict === 'ok' ? [] : verdict.findings.map(({ path }) => path)

const sampleData = members()['data'] as Record<string, unknown>

describe('judgeEvent', () => {
  it.each(CONTRACTS.map((contract) => [contract.type, contract] as const))(
    'takes the sample of %s, as text and as bytes',
    (type, contract) => {
      const text = toStructured(sampleEventOf(contract))
      const ok = { verdict: 'ok', type, id: 'e-1', key: 'EDX-100001', producer: contract.owner }
      expect(judgeEvent(text, strict)).toEqual(ok)
      expect(judgeEvent(Buffer.from(text), strict)).toEqual(ok)
      expect(judgeEvent(text)).toEqual(ok)
    },
  )

  it.each([
    ['text that is no JSON', '{"specversion":"1.0"', 'is not valid JSON'],
    ['nothing', '', 'is not valid JSON'],
    ['a list', '[]', 'is not a JSON object'],
    ['a number', '7', 'is not a JSON object'],
    ['bytes that are no UTF-8', Uint8Array.of(0x7b, 0xff, 0x7d), 'is not valid UTF-8'],
    ['binary rubbish', Uint8Array.of(0, 1, 2, 0xfe), 'is not valid UTF-8'],
    [
      'an object that is no event',
      '{"order":"EDX-1"}',
      'has no CloudEvents attributes (specversion, id, source, type)',
    ],
  ])('%s is poison', (_what, text, message) => {
    expect(judgeEvent(text, strict)).toEqual({ verdict: 'poison', findings: [{ path: '', message }] })
  })

  it('data that can’t be decoded is poison, and nothing is told of what it would have held', () => {
    const { data: _data, ...rest } = members()
    const verdict = judgeEvent(JSON.stringify({ ...rest, data_base64: '!' }), strict)
    expect(verdict).toMatchObject({ verdict: 'poison', id: 'e-7' })
    expect(told(verdict)).toEqual(['data_base64: is not valid Base64'])
  })

  it('reads data that is sent as Base64', () => {
    const { data, ...rest } = members()
    const encoded = Buffer.from(JSON.stringify(data)).toString('base64')
    expect(judgeEvent(JSON.stringify({ ...rest, data_base64: encoded }), strict).verdict).toBe('ok')
  })

  it.each([
    ['another specversion', { specversion: '0.3' }, 'specversion: must be 1.0'],
    ['no specversion', { specversion: undefined }, 'specversion: is missing'],
    ['no id', { id: undefined }, 'id: is missing'],
    ['an empty source', { source: '' }, 'source: must not be empty'],
    ['no type', { type: undefined }, 'type: is missing'],
    [
      'an odd time',
      { time: 'yesterday' },
      'time: must be an RFC 3339 timestamp, such as 2026-01-02T03:04:05Z',
    ],
    ['no data', { data: undefined }, 'data: is missing'],
    ['data that is text', { data: 'EDX-1', datacontenttype: 'text/plain' }, 'data: must be an object'],
    [
      'another partition key',
      { partitionkey: 'EDX-9' },
      'partitionkey: is not the record key that the contract makes of the data',
    ],
    [
      'an empty partition key',
      { partitionkey: '' },
      'partitionkey: is not the record key that the contract makes of the data',
    ],
  ])('%s breaks the contract', (_what, more, finding) => {
    const verdict = judge(more)
    expect(verdict.verdict).toBe('contract')
    expect(told(verdict)).toContain(finding)
  })

  it('takes the partition key that the contract makes', () => {
    expect(judge({ partitionkey: 'EDX-100001' }).verdict).toBe('ok')
  })

  it('tells what is wrong with attributes, data and producer at once', () => {
    const verdict = judge({
      specversion: '2.0',
      id: '',
      source: '/elsewhere',
      data: { ...sampleData, total: 1.5, colour: 'red' },
    })
    expect(paths(verdict)).toEqual(['specversion', 'id', 'data.total', 'data.colour', 'source'])
    expect(verdict).toMatchObject({ verdict: 'contract', type: 'order.placed.v1', producer: '/elsewhere' })
    expect(verdict).not.toHaveProperty('id')
  })

  it('refuses what is too large, before anything else', () => {
    const room = MAX_EVENT_BYTES - JSON.stringify({ ...members(), note: '' }).length
    const padded = (spaces: number) => `${JSON.stringify({ ...members(), note: '' })}${' '.repeat(spaces)}`
    expect(judgeEvent(padded(room), strict).verdict).toBe('ok')
    expect(judgeEvent(Buffer.from(padded(room + 1)), strict)).toEqual({
      verdict: 'contract',
      findings: [{ path: '', message: `must not be larger than ${MAX_EVENT_BYTES} bytes` }],
    })
  })

  it('lists a bounded number of findings and counts the rest', () => {
    const data = Object.fromEntries(Array.from({ length: 5_000 }, (_, at) => [`unknown${at}`, at]))
    const findings = told(judge({ data }))
    expect(findings).toHaveLength(MAX_FINDINGS + 1)
    expect(findings.at(-1)).toMatch(/has \d+ more findings/)
  })
})

describe('a type that has no contract', () => {
  const message = (type: string) => told(judge({ type })).find((finding) => finding.startsWith('type: '))

  it.each([
    ['order.placed.v9', 'order.placed.v9 is not known; there are v1'],
    ['order.placed', 'has no version: write order.placed.v1'],
    ['order.plased.v1', 'is not known; did you mean order.placed.v1?'],
    ['Order.Placed.v1', 'is not known; did you mean order.placed.v1?'],
    ['com.example.something.else', 'is not known: there is no contract for it'],
    ['x'.repeat(4_000), 'is not known: there is no contract for it'],
    ['x'.repeat(100_000), 'must not be longer than 4096 characters'],
  ])('%.30s', (type, text) => expect(message(type)).toBe(`type: ${text}`))

  it('names every version that there is', () => {
    const next = { ...orderPlaced, version: 2, type: 'order.placed.v2' } as unknown as EventContract
    const more = { contracts: new Map([...contracts, [next.type, next]]) }
    expect(told(judge({ type: 'order.placed.v3' }, more))).toEqual([
      'type: order.placed.v3 is not known; there are v1, v2',
    ])
    expect(told(judge({ type: 'order.placed' }, more))).toEqual([
      'type: has no version: write order.placed.v1 or order.placed.v2',
    ])
  })

  it('does not repeat what may be anything', () => {
    expect(told(judge({ type: 'alice@example.org' })).join()).not.toContain('alice')
  })
})

describe('the producer', () => {
  const shop = { ...members(), source: '/example-shop' }
  const grants = new Map([['/example-shop', new Set([orderPlaced.type])]])

  it('is refused unless it owns the event or is listed', () => {
    const refused = judge(shop)
    expect(refused).toMatchObject({ verdict: 'contract', producer: '/example-shop' })
    expect(told(refused)).toEqual([
      expect.stringMatching(
        /^source: may not emit order\.placed\.v1: its owner is payments, and `producers`/,
      ),
    ])
    expect(judge(shop, { contracts, grants })).toMatchObject({ verdict: 'ok', producer: '/example-shop' })
  })

  it('is not looked at where nobody knows who may emit', () => {
    expect(judge(shop, { contracts }).verdict).toBe('ok')
  })

  it('may be another than the event says yet', () => {
    expect(judge({}, { contracts, grants, as: '/example-shop' })).toMatchObject({
      verdict: 'ok',
      producer: '/example-shop',
    })
    expect(judge(shop, { contracts, grants, as: '/elsewhere' })).toMatchObject({
      verdict: 'contract',
      producer: '/elsewhere',
    })
  })

  it('is a service of the mesh by its name', () => {
    expect(judge({}).verdict).toBe('ok')
    expect(judge({ source: '/commerce-mesh/payments' })).toMatchObject({ producer: 'payments' })
  })
})

describe('contracts of others', () => {
  const about = { name: 'seat.reserved', version: 1, owner: 'shop', summary: 'A seat is held.' }
  const data = z.strictObject({ order: z.string() })
  const rules = (key: (data: { order: string }) => string): JudgeRules => {
    const contract = defineEvent({ ...about, data, key }) as unknown as EventContract
    return { contracts: new Map([[contract.type, contract]]) }
  }
  const seat = (order: string, more: object = {}) =>
    JSON.stringify({
      specversion: '1.0',
      id: '1',
      source: '/shop',
      type: 'seat.reserved.v1',
      data: { order },
      ...more,
    })

  it.each([
    ['an empty key', '', 'data: has an empty record key'],
    [
      'a key that no event can have as its subject',
      'a\u0001',
      'data: its record key can’t be an event’s subject',
    ],
  ])('%s breaks the contract', (_what, order, finding) => {
    expect(
      told(
        judgeEvent(
          seat(order),
          rules(({ order: key }) => key),
        ),
      ),
    ).toEqual([finding])
  })

  it('that fail are poison, without their words; what is wrong besides stays a breach', () => {
    const failing = rules(() => {
      throw new RangeError('marker')
    })
    const poison = judgeEvent(seat('O-1'), failing)
    expect(poison).toMatchObject({ verdict: 'poison', id: '1' })
    expect(told(poison)).toEqual(['data: could not be checked: its contract fails on it'])
    expect(judgeEvent(seat('O-1', { specversion: '2' }), failing).verdict).toBe('contract')
  })
})

describe('any text', () => {
  const key = fc.constantFrom(...Object.keys(members()), 'partitionkey', 'data_base64', '__proto__')
  const changed = fc
    .dictionary(key, fc.oneof(fc.jsonValue(), fc.string({ unit: 'binary' })), { noNullPrototype: true })
    .map((more) => JSON.stringify({ ...members(), ...more }))
  const text = fc.oneof(fc.string(), fc.json(), changed)

  it('gets a verdict, ok exactly when the codec reads it and nothing is found', () => {
    fc.assert(
      fc.property(text, (some) => {
        const verdict = judgeEvent(some, strict)
        if (verdict.verdict === 'ok') expect(fromStructured(some).id).toBe(verdict.id)
        else expect(verdict.findings.length).toBeGreaterThan(0)
      }),
      { numRuns: 500 },
    )
  })

  it('repeats nothing of the data', () => {
    const learner = { username: 'marker-name', email: 'marker at example' }
    const verdict = judgeEvent(
      toStructured({ ...sampleEventOf(orderSubmitted), data: { ...sampleData, learner } }),
      strict,
    )
    expect(verdict.verdict).toBe('contract')
    expect(JSON.stringify(verdict)).not.toContain('marker')
  })
})
