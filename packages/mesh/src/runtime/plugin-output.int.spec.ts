import { afterEach, describe, expect, it } from '@jest/globals'
import { z } from 'zod'
import { parcelFailed, parcelOrdered } from '../aggregate/parcel.fixture.ts'
import { on } from '../service/handler.ts'
import { type Outcome, dead, done, emit, retry } from '../service/outcome.ts'
import {
  type Tally,
  counted,
  counting,
  packing,
  quickConfig,
  shipping,
  shops,
} from './parcel-shop.fixture.ts'
import { labelPrinted, labelTorn, labels, logLines } from './plugin.fixture.ts'

const { open, close } = shops()
afterEach(close)

const ill = { code: 'MESH_LMS_ERROR', reason: 'The printer is ill.' }

describe('a plugin with wrong output', () => {
  const cycle: Record<string, unknown> = {}
  cycle['self'] = cycle
  const loose = (value: unknown) => value as Outcome<Tally>
  /** A decision whose parts are not its own, as a class with getters makes it. */
  class Decision {
    get outcome() {
      return 'done'
    }
    get state() {
      return { count: 100 }
    }
  }
  const output = 'MESH_HANDLER_OUTPUT'
  const threw = 'MESH_HANDLER_THREW'
  const changed = (state: Tally) => Object.assign(state, { count: 100 })
  const wrong: readonly (readonly [string, string, (state: Tally) => unknown])[] = [
    [
      'an event that breaks its contract',
      output,
      () => done({ count: 9 }, [{ contract: labelPrinted, data: {} }]),
    ],
    [
      'an event that its service does not declare',
      output,
      () => done({ count: 9 }, [emit(parcelFailed, { parcel: 'P-1' })]),
    ],
    [
      'an event that its handler does not declare',
      output,
      () => done({ count: 9 }, [emit(labelTorn, { parcel: 'P-1' })]),
    ],
    [
      'an event of a contract that is none',
      output,
      () => done({ count: 9 }, [{ contract: { type: labelPrinted.type } } as never]),
    ],
    ['a state that is no JSON: a cycle', output, () => done(cycle)],
    ['a state that is no JSON: a bigint', output, () => done({ count: 1n })],
    ['a state that is no JSON: a function', output, () => done(() => 9)],
    ['a state that is no JSON: a symbol', output, () => done(Symbol('state'))],
    [
      'more events than anybody can mean',
      output,
      () =>
        done(
          { count: 9 },
          Array.from({ length: 1_001 }, () => emit(labelPrinted, { parcel: 'P-1' })),
        ),
    ],
    ['lines that are no text', output, () => ({ ...done({ count: 9 }), lines: { 1: 7 } })],
    ['nothing', threw, () => undefined],
    ['an outcome that there is not', threw, () => ({ outcome: 'finished', state: { count: 9 } })],
    ['an outcome that is none of its own', threw, () => new Decision()],
    ['a state that it changed, and then an error', threw, (state) => changed(state) && undefined],
    ['a state that it changed, and then a refusal', threw, (state) => changed(state) && dead(ill)],
  ]

  it.each(wrong)(
    'that decides on %s gets a dead letter (%s), and changes nothing',
    async (_what, code, decide) => {
      const careless = counting(
        'labels',
        [
          on(
            parcelOrdered,
            'print',
            ({ data: { parcel, wish } }, state: Tally) =>
              wish === 'fault'
                ? loose(decide(state))
                : done(counted(state), [emit(labelPrinted, { parcel })]),
            { emits: [labelPrinted] },
          ),
        ],
        { emits: [labelPrinted, labelTorn] },
      )
      const shop = await open([packing(), shipping(), careless])
      await shop.order('P-1', { parcel: 'P-1', wish: 'fault' }, 'P-1')
      await shop.settled()
      expect(await shop.mesh.operations.deadLetters({})).toMatchObject([
        { code, service: 'labels', handler: 'print', eventId: 'P-1#2', class: 'permanent' },
      ])
      expect(await shop.tally('labels', 'P-1')).toBe(2)
      expect([await shop.packed('P-1'), await shop.shipped('P-1')]).toEqual([3, 3])
      expect(await shop.events(labelPrinted)).toHaveLength(2)
      expect(await shop.mesh.operations.audit()).toMatchObject({ drift: 0 })
      expect(logLines(shop)).toContainEqual(
        expect.objectContaining({ msg: 'dead letter', service: 'labels', handler: 'print', code }),
      )
    },
  )

  it('can’t change the options of its route for those who come after', async () => {
    const seen: unknown[] = []
    const meddler = counting('labels', [
      on(
        parcelOrdered,
        'print',
        (_event, state: Tally, { options }) => {
          seen.push(structuredClone(options))
          Object.assign(options, { paper: 'none' })
          return done(counted(state))
        },
        { options: z.strictObject({ paper: z.string().default('a4') }) },
      ),
    ])
    const shop = await open([packing(), meddler])
    await shop.order('P-1', 'P-2')
    await shop.settled()
    expect(new Set(seen.map((options) => JSON.stringify(options)))).toEqual(new Set(['{"paper":"a4"}']))
    expect(await shop.mesh.operations.deadLetters({})).toHaveLength(2)
  })

  it('can’t change the event, by which the mesh knows what it has done', async () => {
    const meddler = counting('labels', [
      on(parcelOrdered, 'print', (event, state: Tally) => {
        Object.assign(event, { id: 'another' })
        return done(counted(state))
      }),
    ])
    const shop = await open([packing(), meddler])
    await shop.order('P-1')
    await shop.settled()
    expect(await shop.mesh.operations.deadLetters({})).toMatchObject([
      { service: 'labels', eventId: 'P-1#1' },
    ])
    expect(await shop.mesh.operations.audit()).toMatchObject({ drift: 0 })
  })

  it('can’t mix up keys through a state that they share at the beginning', async () => {
    const shared = { count: 0 }
    const sharing = labels(
      (_parcel, state) => {
        ;(state as { count: number }).count++
        return done(state)
      },
      { initialState: () => shared },
    )
    const shop = await open([packing(), sharing])
    await shop.order('P-1', 'P-2')
    await shop.settled()
    expect(shared.count).toBe(0)
    expect(await shop.mesh.operations.deadLetters({})).toHaveLength(2)
  })

  const broken = () => {
    throw new RangeError('marker')
  }
  /** What `await` needs and nothing else, as libraries make it. */
  const thenOf = (promise: Promise<unknown>, name: string | symbol) =>
    name === 'then' ? promise.then.bind(promise) : undefined
  it.each<[string, () => unknown]>([
    ['promise its last words, and fail to keep that', () => Promise.reject(new RangeError('marker'))],
    [
      'promise them in a way of its own',
      () => new Proxy(Promise.reject(new RangeError('marker')), { get: thenOf }),
    ],
    [
      'leave something behind that can’t be read',
      () => Object.defineProperty({}, 'events', { get: broken, enumerable: true }),
    ],
  ])('may %s: the record is exhausted, and the process goes on', async (_what, exhausted) => {
    const late = counting('labels', [
      on(parcelOrdered, 'print', () => retry<Tally>(ill), { exhausted: exhausted as never }),
    ])
    const shop = await open([packing(), late], {
      retry: { ...quickConfig('').retry, windowHours: 30 / 3_600_000 },
    })
    await shop.order('P-1')
    await shop.settled()
    expect(await shop.mesh.operations.deadLetters({ class: 'exhausted' })).toMatchObject([
      { service: 'labels' },
    ])
    expect(shop.logged.join('')).toContain('RangeError')
    expect(shop.logged.join('')).not.toContain('marker')
  })
})
