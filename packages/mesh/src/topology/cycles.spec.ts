import { defineEvent } from '@commerce-mesh/contracts'
import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { z } from 'zod'
import { planRoutes } from '../routes/plan.ts'
import type { RouteSettings } from '../routes/settings.ts'
import { handles } from '../service/handler.ts'
import { type Service, defineService } from '../service/service.ts'
import { type CycleStep, eventCycles } from './cycles.ts'

const eventNamed = (letter: string) =>
  defineEvent({
    name: `test.${letter}`,
    version: 1,
    owner: 'test',
    summary: 'Something happened.',
    key: ({ id }) => id,
    data: z.strictObject({ id: z.string() }),
  })

const EVENTS = new Map(['a', 'b', 'c', 'd', 'e'].map((letter) => [letter, eventNamed(letter)]))

const event = (letter: string) => {
  const found = EVENTS.get(letter)
  if (found === undefined) throw new TypeError(`There is no event ${letter}.`)
  return found
}

/** `a>bc` is a handler that takes a and emits b and c. */
const service = (name: string, handlers: readonly string[], more: Partial<Service> = {}): Service =>
  ({
    ...defineService({
      name,
      options: z.strictObject({}),
      handlers: handlers.map((text) => {
        const [takes = '', emits] = text.split('>')
        return handles(event(takes), `on-${takes}`, {
          ...(emits !== undefined && { emits: emits.split('').map(event) }),
        })
      }),
      emits: [...new Set(handlers.flatMap((text) => (text.split('>')[1] ?? '').split('')))].map(event),
      initialState: () => ({}),
      concurrency: 1,
    }),
    ...more,
  }) as Service

const inWords = (steps: readonly CycleStep[]) =>
  steps.map(({ event: type, service: by }) => `${type.slice(5, 6)}/${by}`).join(' ')

const cyclesOf = (services: readonly Service[], routes: readonly RouteSettings[] = []) =>
  eventCycles(services, planRoutes(services, routes)).map(inWords)

describe('circles of events', () => {
  it('are none where events lead from one to the next', () =>
    expect(cyclesOf([service('one', ['a>b']), service('two', ['b>c', 'c>d'])])).toEqual([]))

  it('are told once, wherever they begin', () =>
    expect(cyclesOf([service('one', ['a>b']), service('two', ['b>c']), service('three', ['c>a'])])).toEqual([
      'a/one b/two c/three',
    ]))

  it('are told of a handler that emits what it takes', () =>
    expect(cyclesOf([service('one', ['a>a'])])).toEqual(['a/one']))

  it('that share a part are both told', () =>
    expect(cyclesOf([service('one', ['a>bc', 'b>d', 'c>d', 'd>a'])])).toEqual([
      'a/one b/one d/one',
      'a/one c/one d/one',
    ]))

  it('that meet in one event are both told', () =>
    expect(
      cyclesOf([service('one', ['a>b']), service('two', ['b>a', 'c>a']), service('three', ['b>c'])]),
    ).toEqual(['a/one b/two', 'c/two a/one b/three']))

  it('take what the service emits for a handler that does not say what it emits', () =>
    expect(cyclesOf([service('one', ['a'], { emits: [event('a')] })])).toEqual(['a/one']))

  it('are broken by a route that is off', () => {
    const services = [service('one', ['a>b']), service('two', ['b>a'])]
    expect(cyclesOf(services)).toHaveLength(1)
    expect(cyclesOf(services, [{ event: 'test.a.v1', to: 'one', enabled: false }])).toEqual([])
  })

  it('do not lead through services that only show what others did, unless a handler says that it emits', () => {
    const view = { journaled: false, emits: [event('a')] }
    expect(cyclesOf([service('view', ['a'], view)])).toEqual([])
    expect(cyclesOf([service('view', ['a>a'], view)])).toEqual(['a/view'])
  })

  it('are found where there are any, each closed, and no more than there are passages from event to event', () => {
    const letters = [...EVENTS.keys()]
    const passage = fc.tuple(fc.constantFrom(...letters), fc.constantFrom(...letters))
    fc.assert(
      fc.property(fc.uniqueArray(passage, { selector: String, maxLength: 14 }), (passages) => {
        const services = passages.map(([from, to], nth) => service(`s${nth}`, [`${from}>${to}`]))
        const found = eventCycles(services, planRoutes(services, []))
        const on = new Set(found.flatMap((steps) => steps.map(({ service: by }) => by)))
        const reaches = (from: string, to: string): boolean => {
          const seen = new Set([from])
          for (const at of seen) for (const [one, other] of passages) if (one === at) seen.add(other)
          return seen.has(to)
        }
        passages.forEach(([from, to], nth) => expect(on.has(`s${nth}`)).toBe(reaches(to, from)))
        expect(found.length).toBeLessThanOrEqual(passages.length)
        for (const steps of found)
          steps.forEach((step, nth) => {
            const next = steps[(nth + 1) % steps.length]?.event
            const [, emits] = passages[Number(step.service.slice(1))] ?? []
            expect(`test.${emits}.v1`).toBe(next)
          })
      }),
    )
  })
})
