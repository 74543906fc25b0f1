import { defineEvent } from '@commerce-mesh/contracts'
import { dead, done, emit, on, retry, type Handler, type HandlerContext } from '@commerce-mesh/mesh'
import { describe, expect, it } from '@jest/globals'
import { z } from 'zod'
import { given } from './given.ts'

const count = z.strictObject({ id: z.string(), by: z.int().min(1) })
const declared = {
  version: 1,
  owner: 'counter',
  summary: 'It was counted.',
  key: (data: { id: string }) => data.id,
}
const asked = defineEvent({ ...declared, name: 'count.asked', data: count })
const counted = defineEvent({ ...declared, name: 'count.counted', data: count })
type Tally = { total: number; at?: string }

const adding: Handler<Tally> = on(asked, 'add', (event, state, { now }) =>
  done({ total: state.total + event.data.by, at: now.toISOString() }, [emit(counted, event.data)], {
    lines: { '1': 'counted' },
  }),
)

describe('given/when/then', () => {
  it('lays out outcome, next state and emitted events as plain values', async () => {
    await expect(given(adding, { total: 1 }).when({ id: 'a', by: 2 })).resolves.toEqual({
      outcome: 'done',
      lines: { '1': 'counted' },
      state: { total: 3, at: '2026-01-01T00:00:00.000Z' },
      events: [{ type: 'count.counted.v1', data: { id: 'a', by: 2 } }],
    })
  })

  it('takes a whole event, and goes on from the state that came out', async () => {
    const seen: string[] = []
    const noting = on(asked, 'note', (event, state: Tally) => {
      seen.push(event.id)
      return done({ total: state.total + event.data.by })
    })
    const event = { id: 'evt-7', source: 'test', type: asked.type, extensions: {}, data: { id: 'a', by: 2 } }
    const first = await given(noting, { total: 1 }).when(event)
    const second = await given(noting, first.state).when({ id: 'a', by: 5 })
    expect(second.state).toEqual({ total: 8 })
    expect(seen).toEqual(['evt-7', 'event-1'])
  })

  it('gives the state back where the handler left it alone', async () => {
    const waiting = on(asked, 'wait', () =>
      retry<Tally>({ code: 'MESH_STORE_UNAVAILABLE', reason: 'down', afterMs: 5 }),
    )
    const then = await given(waiting, { total: 4 }).when({ id: 'a', by: 1 })
    expect(then).toEqual({
      outcome: 'retry',
      code: 'MESH_STORE_UNAVAILABLE',
      reason: 'down',
      afterMs: 5,
      scope: 'record',
      state: { total: 4 },
      events: [],
    })
  })

  it('passes the context on', async () => {
    const { signal } = new AbortController()
    let seen: HandlerContext | undefined
    const looking = on(asked, 'look', (_event, state: Tally, context) => {
      seen = context
      return done(state)
    })
    await given(looking, { total: 0 }).when({ id: 'a', by: 1 }, { attempt: 3, signal })
    expect(seen).toMatchObject({ attempt: 3, now: new Date('2026-01-01T00:00:00Z') })
    expect(seen?.signal).toBe(signal)
  })

  it('shows what an exhausted event leaves behind, which is nothing without `exhausted`', () => {
    const tired = on(asked, 'tire', () => dead<Tally>({ code: 'MESH_HANDLER_THREW', reason: 'never' }), {
      exhausted: (event, state) => ({
        state: { total: -state.total },
        events: [emit(counted, event.data)],
        lines: { '1': 'failed' },
      }),
    })
    expect(given(tired, { total: 4 }).whenExhausted({ id: 'a', by: 1 })).toEqual({
      lines: { '1': 'failed' },
      state: { total: -4 },
      events: [{ type: 'count.counted.v1', data: { id: 'a', by: 1 } }],
    })
    expect(given(adding, { total: 4 }).whenExhausted({ id: 'a', by: 1 })).toEqual({
      state: { total: 4 },
      events: [],
    })
  })
})

describe('failure messages', () => {
  const failing = (handle: (state: Tally) => unknown) =>
    given(
      on(asked, 'faulty', (_event, state: Tally) => handle(state) as ReturnType<typeof done<Tally>>),
      { total: 1 },
    )
  const event = { id: 'a', by: 1 }

  it('name the field of a given event that breaks its contract', async () => {
    await expect(given(adding, { total: 0 }).when({ id: 'a', by: 0 })).rejects.toThrow(
      /`when` breaks the contract of count.asked.v1[^]*by/,
    )
  })

  it('name an event of another type', async () => {
    const other = { id: 'x', source: 's', type: 'order.placed.v1', extensions: {}, data: event }
    await expect(given(adding, { total: 0 }).when(other)).rejects.toThrow(
      "'add' handles count.asked.v1, not order.placed.v1.",
    )
  })

  it('name the field of an emitted event that breaks its contract', async () => {
    const broken = failing((state) => done(state, [emit(counted, { id: 'a', by: 0.5 })]))
    await expect(broken.when(event)).rejects.toThrow(
      /emitted by 'faulty' breaks the contract of count.counted.v1[^]*by/,
    )
  })

  it.each([
    ['state.at', { total: 1, at: new Date() }],
    ['state.total', { total: Number.NaN }],
    ['state.seen.1', { seen: [1, undefined] }],
    ['state.big', { big: 1n }],
  ])('name what a store can’t keep: %s', async (path, state) => {
    await expect(failing(() => done(state)).when(event)).rejects.toThrow(`${path} is not a JSON value`)
  })

  it('name a code that the catalogue lacks', async () => {
    const misspelt = failing(() => dead({ code: 'MESH_STOER_UNAVAILABLE', reason: 'typo' }))
    await expect(misspelt.when(event)).rejects.toThrow(
      'MESH_STOER_UNAVAILABLE, which is not in the error catalogue',
    )
  })

  it('come from the handler itself where it changes its state', async () => {
    const changing = failing((state) => {
      state.total = 9
      return done(state)
    })
    await expect(changing.when(event)).rejects.toThrow(/read only property 'total'/)
  })
})
