import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import type { z } from 'zod'
import type { Change, Verdict } from './change/change.ts'
import { compare } from './compare.ts'
import { toJsonSchema, toZod } from './model.fixture.ts'
import type { Model } from './model.fixture.ts'
import { pairOfModels } from './mutation.fixture.ts'
import { relate } from './relate/relate.ts'
import type { Relation } from './relate/relation.ts'
import type { Place } from './schema/place.ts'
import { arbitraryOf, edgeValues, hintsOf } from './values.fixture.ts'

const SIDES = ['newReaders', 'oldReaders'] as const
type Side = (typeof SIDES)[number]

/** What is written by one schema, and what the other one, as its reader, does with it. */
type Traffic = { readonly written: readonly unknown[]; readonly refused: readonly (readonly string[])[] }

const WORDS: Readonly<Record<Relation, Verdict>> = {
  inside: 'yes',
  beyond: 'no',
  apart: 'no',
  unknown: 'unknown',
}

const overall = (changes: readonly Change[], side: Side): Verdict => {
  const verdicts = changes.map((change) => change[side])
  return verdicts.includes('no') ? 'no' : verdicts.includes('unknown') ? 'unknown' : 'yes'
}

/** Dotted paths of what a reader refuses in a value; undefined where it takes it. */
const refusalOf = (reader: z.ZodType, value: unknown): readonly string[] | undefined => {
  const { error } = reader.safeParse(value)
  return error?.issues.flatMap((issue) =>
    (issue.code === 'unrecognized_keys' ? issue.keys : [undefined]).map((key) =>
      [...issue.path, ...(key === undefined ? [] : [key])].join('.'),
    ),
  )
}

const trafficOf = (writer: z.ZodType, reader: z.ZodType, values: readonly unknown[]): Traffic => {
  const texts = new Set(values.map((value) => JSON.stringify(value)))
  const written = [...texts]
    .map((text) => JSON.parse(text) as unknown)
    .filter((value) => writer.safeParse(value).success)
  return {
    written,
    refused: written.flatMap((value) => [refusalOf(reader, value) ?? []].filter((all) => all.length > 0)),
  }
}

const judged = ([old, next]: readonly [Model, Model], seed: number) => {
  const [before, after] = [toZod(old), toZod(next)]
  const [was, is] = [toJsonSchema(before), toJsonSchema(after)]
  const hints = hintsOf(was, is)
  const valuesOf = (node: typeof was) => [
    ...edgeValues(node, hints),
    ...fc.sample(arbitraryOf(node, hints), { numRuns: 30, seed }),
  ]
  const traffic: Readonly<Record<Side, Traffic>> = {
    newReaders: trafficOf(before, after, valuesOf(was)),
    oldReaders: trafficOf(after, before, valuesOf(is)),
  }
  const [from, to] = [was, is].map((node) => ({ root: node, node })) as [Place, Place]
  const relations: Readonly<Record<Side, Relation>> = {
    newReaders: relate(from, to),
    oldReaders: relate(to, from),
  }
  return { changes: compare(was, is), relations, traffic, text: JSON.stringify([was, is]) }
}

/** Whether one of two paths leads to the other. */
const meets = (path: string, other: string): boolean => {
  const [some, more] = [path, other].map((one) => (one === '' ? [] : one.split('.')))
  const length = Math.min(some?.length ?? 0, more?.length ?? 0)
  return Array.from({ length }, (_, nth) => [some?.[nth], more?.[nth]]).every(
    ([a, b]) => a === b || a === '*' || b === '*',
  )
}

const parentOf = (path: string): string => path.split('.').slice(0, -1).join('.')

const agree = (pair: readonly [Model, Model], seed: number, seen: Map<string, number>): void => {
  const { changes, relations, traffic, text } = judged(pair, seed)
  // It stands in where no change tells what the whole does: none should be needed.
  expect(changes.filter(({ what }) => what === 'is described in another way')).toEqual([])
  for (const side of SIDES) {
    const { written, refused } = traffic[side]
    const verdict = overall(changes, side)
    expect({ side, relation: WORDS[relations[side]] }).toEqual({ side, relation: verdict })
    seen.set(`${side} ${verdict}`, (seen.get(`${side} ${verdict}`) ?? 0) + 1)
    if (verdict === 'yes') expect(refused).toEqual([])
    // Patterns, and alternatives that overlap, are where nothing can be told.
    if (verdict === 'unknown') expect(text).toMatch(/"pattern"|"anyOf"/)
    if (verdict === 'no') expect({ written: written.length, refused }).not.toMatchObject({ refused: [] })
    for (const { path, to = path, what } of changes.filter((change) => change[side] === 'no')) {
      // Of alternatives zod may tell what the one wants, while the change is in another.
      const shown = text.includes('"anyOf":[{"type":"object"') ? [path, to].map(parentOf) : [path, to]
      const isShown = refused.flat().some((other) => shown.some((one) => meets(one, other)))
      expect({ path, what, side, isShown }).toEqual({ path, what, side, isShown: true })
    }
  }
}

describe('verdicts', () => {
  it('agree with what validation does to values of either schema', () => {
    const seen = new Map<string, number>()
    fc.assert(
      fc.property(pairOfModels, fc.nat(), (pair, seed) => agree(pair, seed, seen)),
      { seed: 20_261_129, numRuns: 300 },
    )
    const count = (verdict: Verdict) =>
      SIDES.reduce((sum, side) => sum + (seen.get(`${side} ${verdict}`) ?? 0), 0)
    expect(count('yes')).toBeGreaterThan(100)
    expect(count('no')).toBeGreaterThan(300)
    expect(count('unknown')).toBeLessThan(15)
  })

  it('find nothing where nothing changed', () => {
    fc.assert(
      fc.property(
        pairOfModels.map(([model]) => toJsonSchema(toZod(model))),
        (schema) => {
          expect(compare(schema, structuredClone(schema))).toEqual([])
        },
      ),
      { seed: 20_261_129, numRuns: 300 },
    )
  })

  it('are the other way round where the schemas are exchanged', () => {
    fc.assert(
      fc.property(pairOfModels, ([old, next]) => {
        const [was, is] = [toJsonSchema(toZod(old)), toJsonSchema(toZod(next))]
        const [there, back] = [compare(was, is), compare(is, was)]
        expect(overall(there, 'newReaders')).toBe(overall(back, 'oldReaders'))
        expect(overall(there, 'oldReaders')).toBe(overall(back, 'newReaders'))
      }),
      { seed: 20_261_129, numRuns: 300 },
    )
  })
})
