import { describe, expect, it } from '@jest/globals'
import { z } from 'zod'
import { EventFormatError } from '../cloud-events/format-error.ts'
import { fromKafka, toBinary } from '../cloud-events/kafka-binding.ts'
import { defineEvent } from '../event.ts'
import { deadLetterRecorded } from '../operations/dead-letter-recorded.ts'
import { hopRecorded } from '../operations/hop-recorded.ts'
import { orderFulfilled } from '../order/order-fulfilled.ts'
import { orderPlaced } from '../order/order-placed.ts'
import { sampleEventOf, sampleOf } from '../samples.ts'
import { parseEvent, validateData } from './validate.ts'

const refusal = (act: () => unknown): EventFormatError => {
  try {
    act()
  } catch (error) {
    if (error instanceof EventFormatError) return error
    throw error
  }
  throw new Error('was not refused')
}

const contractOf = <S extends z.ZodType>(data: S, key: (data: z.output<S>) => string = () => 'k') =>
  defineEvent({ name: 'test.done', version: 1, owner: 'test', summary: 'For this test.', data, key })

describe('parseEvent', () => {
  it('gives the event, its data typed', () => {
    const event = sampleEventOf(orderPlaced, { id: 'e-9' })
    const parsed = parseEvent(orderPlaced, event)
    const total: number | null = parsed.data.total
    expect(total).toBe(14_900)
    expect(parsed).toEqual(event)
  })

  it('refuses another type, and lists what is wrong with the data as well', () => {
    const event = { ...sampleEventOf(orderFulfilled), data: { orderNumber: 'EDX-1' } }
    const { kind, findings } = refusal(() => parseEvent(orderPlaced, event))
    expect(kind).toBe('contract')
    expect(findings).toContainEqual({ path: 'type', message: 'must be order.placed.v1' })
    expect(findings).toContainEqual({ path: 'data.placedAt', message: 'is missing' })
  })

  it('refuses another type even where the data fits', () => {
    const event = { ...sampleEventOf(orderPlaced), type: 'order.placed.v2' }
    expect(refusal(() => parseEvent(orderPlaced, event)).findings).toEqual([
      { path: 'type', message: 'must be order.placed.v1' },
    ])
  })

  it('gives dotted paths', () => {
    const data = sampleOf(orderPlaced)
    const event = {
      ...sampleEventOf(orderPlaced),
      data: { ...data, lines: [{ ...data.lines[0], courseId: 'x', discount: 5 }] },
    }
    expect(refusal(() => parseEvent(orderPlaced, event)).findings).toEqual([
      {
        path: 'data.lines.0.courseId',
        message: 'must be a course key, such as course-v1:edX+DemoX+Demo_Course',
      },
      { path: 'data.lines.0.discount', message: 'is not a field of the contract' },
    ])
  })

  it.each([undefined, null, 'text', 7, [[]]])('refuses data that is no object: %p', (data) => {
    const { findings } = refusal(() => parseEvent(orderPlaced, { ...sampleEventOf(orderPlaced), data }))
    expect(findings).toEqual([
      { path: 'data', message: data === undefined ? 'is missing' : 'must be an object' },
    ])
  })
})

describe('bytes', () => {
  it('are refused with the cause: a sender who forgot the content type', () => {
    const { headers, value } = toBinary(sampleEventOf(orderPlaced))
    const { 'content-type': _, ...untyped } = headers
    const { kind, findings } = refusal(() => parseEvent(orderPlaced, fromKafka(untyped, value)))
    const message = 'must be JSON: send it with the content type application/json'
    expect({ kind, findings }).toEqual({ kind: 'contract', findings: [{ path: 'data', message }] })
  })
})

describe('the record key', () => {
  const keyed = contractOf(z.strictObject({ key: z.string() }), ({ key }) => key)

  it('must not be empty', () => {
    expect(refusal(() => validateData(keyed, { key: '' })).findings).toEqual([
      { path: '', message: 'has an empty record key' },
    ])
    const event = { id: '1', source: '/', type: keyed.type, extensions: {}, data: { key: '' } }
    expect(refusal(() => parseEvent(keyed, event)).findings).toEqual([
      { path: 'data', message: 'has an empty record key' },
    ])
  })

  it('is never empty for the bookkeeping of a record that had none', () => {
    const hop = validateData(hopRecorded, { ...sampleOf(hopRecorded), key: '' })
    expect(hopRecorded.key(hop)).toBe(hop.eventId)
    const letter = validateData(deadLetterRecorded, { ...sampleOf(deadLetterRecorded), key: '' })
    expect(deadLetterRecorded.key(letter)).toBe(letter.deadLetterId)
  })
})

describe('findings in plain words', () => {
  const schema = z.strictObject({
    text: z.string().min(2).max(3),
    list: z.array(z.int()).min(2),
    share: z.number().gt(0).lt(1),
    kind: z.literal('seat'),
    flag: z.boolean(),
    none: z.null(),
    either: z.union([z.string(), z.int()]),
    date: z.date(),
    any: z.record(z.string(), z.int()),
  })

  const messages = (data: object) =>
    Object.fromEntries(
      refusal(() => validateData(contractOf(schema), data)).findings.map(({ path, message }) => [
        path,
        message,
      ]),
    )

  it('for values that break a bound', () => {
    expect(
      messages({
        text: 'x',
        list: [1],
        share: 0,
        kind: 'x',
        flag: 0,
        none: 0,
        either: {},
        date: '',
        any: { a: 0.5 },
      }),
    ).toEqual({
      text: 'must have at least 2 characters',
      list: 'must have at least 2 items',
      share: 'must be more than 0',
      kind: 'must be seat',
      flag: 'must be true or false',
      none: 'must be null',
      either: 'Invalid input',
      date: 'must be of type date',
      'any.a': 'must be an integer',
    })
    expect(messages({ text: 'xxxx', share: 1 })).toMatchObject({
      text: 'must have at most 3 characters',
      share: 'must be less than 1',
    })
  })

  it('for what is missing', () => {
    const missing = messages({})
    expect(new Set(Object.values(missing))).toEqual(new Set(['is missing']))
    expect(Object.keys(missing)).toHaveLength(9)
  })
})

describe('findings hold no values', () => {
  const quoting = contractOf(
    z.strictObject({
      email: z
        .string()
        .refine((text) => text.length > 100, { error: (issue) => `${String(issue.input)} is too short` }),
    }),
  )

  it('not even where the schema quotes them', () => {
    const { message, findings } = refusal(() => validateData(quoting, { email: 'alice@example.org' }))
    expect(findings).toEqual([{ path: 'email', message: 'is not valid' }])
    expect(message).not.toContain('alice')
  })

  it('not where an object is quoted in part', () => {
    const contract = contractOf(
      z
        .strictObject({ who: z.strictObject({ name: z.string() }) })
        .refine(() => false, { error: 'Alice is not welcome', path: ['who'] }),
    )
    expect(refusal(() => validateData(contract, { who: { name: 'Alice' } })).findings).toEqual([
      { path: 'who', message: 'is not valid' },
    ])
    expect(refusal(() => validateData(contract, { who: { name: 'Bob' } })).findings).toEqual([
      { path: 'who', message: 'Alice is not welcome' },
    ])
  })

  it('not where there is too much to look through', () => {
    const contract = contractOf(z.array(z.string()).refine(() => false, { error: 'wrong' }))
    expect(refusal(() => validateData(contract, Array(5000).fill('x'))).findings).toEqual([
      { path: '', message: 'is not valid' },
    ])
    expect(refusal(() => validateData(contract, ['x'])).findings).toEqual([{ path: '', message: 'wrong' }])
  })

  it('not in paths: names that look like data are not repeated', () => {
    const { message, findings } = refusal(() =>
      validateData(quoting, { email: 'x'.repeat(101), 'alice@example.org': 1 }),
    )
    expect(findings).toEqual([{ path: '(unusual name)', message: 'is not a field of the contract' }])
    expect(message).not.toContain('alice')
  })

  it('whatever field of an order a secret stands in', () => {
    const secret = 'Ms Alice Secret'
    const order = sampleOf(orderPlaced)
    const everywhere = {
      ...order,
      orderNumber: secret,
      placedAt: secret,
      currency: secret,
      total: secret,
      learner: { username: '', email: secret, lmsUserId: secret, note: secret },
      lines: [{ lineId: secret, kind: secret, courseId: secret, mode: secret, price: secret }, secret],
      payment: secret,
    }
    const { message, findings } = refusal(() => validateData(orderPlaced, everywhere))
    expect(findings.length).toBeGreaterThanOrEqual(13)
    expect(`${message} ${JSON.stringify(findings)}`).not.toMatch(/Alice|Secret/)
  })
})
