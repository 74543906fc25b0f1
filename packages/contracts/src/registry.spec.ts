import { describe, expect, it } from '@jest/globals'
import { z } from 'zod'
import { fromKafka, toBinary } from './cloud-events/kafka-binding.ts'
import { CONTRACTS } from './registry.ts'
import { sampleEventOf, sampleOf } from './samples.ts'
import { EventFormatError } from './cloud-events/format-error.ts'
import { parseEvent, validateData } from './validation/validate.ts'

type Place = { readonly path: readonly (string | number)[]; readonly value: unknown }

/** Every value within some data, with its path. */
const placesOf = (value: unknown, path: readonly (string | number)[] = []): Place[] => {
  const inner = Array.isArray(value)
    ? value.flatMap((item, nth) => placesOf(item, [...path, nth]))
    : typeof value === 'object' && value !== null
      ? Object.entries(value).flatMap(([name, item]) => placesOf(item, [...path, name]))
      : []
  return [{ path, value }, ...inner]
}

/** A copy with the value at a path replaced; undefined takes it away. */
const withValue = (
  data: unknown,
  [segment, ...rest]: readonly (string | number)[],
  value: unknown,
): unknown => {
  if (segment === undefined) return value
  const copy = structuredClone(data) as Record<string | number, unknown>
  const next = withValue(copy[segment], rest, value)
  if (next === undefined) delete copy[segment]
  else copy[segment] = next
  return copy
}

const findingsOf = (act: () => unknown): readonly { path: string; message: string }[] => {
  try {
    act()
  } catch (error) {
    if (error instanceof EventFormatError) return error.findings
    throw error
  }
  return []
}

const MONEY = new Set(['price', 'total', 'amount'])
const DATES = /At$/

describe('the contracts', () => {
  it('have distinct types', () => {
    expect(new Set(CONTRACTS.map(({ type }) => type)).size).toBe(CONTRACTS.length)
  })
})

describe.each(CONTRACTS.map((contract) => ({ type: contract.type, contract })))('$type', ({ contract }) => {
  const sample = sampleOf(contract)
  const places = placesOf(sample)
  const paths = (wanted: (place: Place) => boolean) => places.filter(wanted).map(({ path }) => path)
  const refusals = (path: readonly (string | number)[], value: unknown) =>
    findingsOf(() => validateData(contract, withValue(sample, path, value)))

  it('takes its sample, unchanged', () => {
    expect(contract.data.parse(sample)).toEqual(sample)
    expect(contract.key(sample)).not.toBe('')
  })

  it('comes through Kafka', () => {
    const event = sampleEventOf(contract)
    const { headers, value } = toBinary(event)
    expect(parseEvent(contract, fromKafka(headers, value))).toEqual(event)
  })

  it('refuses an unknown field in each of its objects', () => {
    const objects = places.filter(
      ({ value }) => typeof value === 'object' && value !== null && !Array.isArray(value),
    )
    for (const { path, value } of objects) {
      const dotted = [...path, 'extra'].join('.')
      const message =
        path[0] === 'lines' && !Array.isArray((sample as { lines?: unknown }).lines)
          ? 'must be text'
          : 'is not a field of the contract'
      expect(refusals(path, { ...(value as object), extra: 1 })).toEqual([{ path: dotted, message }])
    }
  })

  it('names a required field that is missing, and no other', () => {
    const { required = [] } = z.toJSONSchema(contract.data)
    for (const name of Object.keys(sample as object)) {
      const findings = refusals([name], undefined)
      expect(findings).toEqual(required.includes(name) ? [{ path: name, message: 'is missing' }] : [])
    }
  })

  it('refuses every value of another type', () => {
    for (const { path, value } of places) {
      const wrong = typeof value === 'object' && !Array.isArray(value) ? [7] : { wrong: true }
      expect(refusals(path, wrong).map((finding) => finding.path)).toContain(path.join('.'))
    }
  })

  it('refuses money that is a float, a text or negative', () => {
    for (const path of paths(({ path: p }) => MONEY.has(String(p.at(-1))))) {
      expect(refusals(path, 149.5)).toEqual([{ path: path.join('.'), message: 'must be an integer' }])
      expect(refusals(path, '149.00')).toEqual([{ path: path.join('.'), message: 'must be a number' }])
      expect(refusals(path, -1)).toEqual([{ path: path.join('.'), message: 'must not be less than 0' }])
    }
  })

  it('refuses currencies that are none', () => {
    const message = 'must be an ISO 4217 currency code in upper case, such as USD'
    for (const path of paths(({ path: p }) => p.at(-1) === 'currency')) {
      for (const code of ['usd', 'XXX', ''])
        expect(refusals(path, code)).toEqual([{ path: path.join('.'), message }])
    }
  })

  it('refuses dates that are none', () => {
    const message = 'must be an RFC 3339 instant, such as 2026-01-02T03:04:05Z'
    const dates = paths(({ path: p }) => DATES.test(String(p.at(-1))))
    expect(dates).not.toHaveLength(0)
    for (const path of dates) {
      for (const date of [
        '2026-01-02',
        '2026-01-02T03:04Z',
        '2026-01-02T03:04:05',
        '2026-02-30T00:00:00Z',
        '1767323045',
        '',
      ])
        expect(refusals(path, date)).toEqual([{ path: path.join('.'), message }])
      expect(refusals(path, '2026-01-02T03:04:05.678+02:00')).toEqual([])
    }
  })

  it('finds everything that is wrong at once', () => {
    const broken = Object.fromEntries(Object.keys(sample as object).map((name) => [name, { wrong: true }]))
    const found = new Set(
      findingsOf(() => validateData(contract, broken)).map(({ path }) => path.split('.')[0]),
    )
    expect([...found]).toEqual(Object.keys(sample as object))
  })
})
