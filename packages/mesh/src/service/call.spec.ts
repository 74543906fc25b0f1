import { getEventListeners } from 'node:events'
import { afterEach, describe, expect, it, jest } from '@jest/globals'
import { TRACEPARENT, orderedEvent, parcelOrdered } from '../aggregate/parcel.fixture.ts'
import { MeshError } from '../errors/mesh-error.ts'
import type { BlockWatch } from './block-watch.ts'
import { Revoked, callHandler } from './call.ts'
import { on, type HandlerContext } from './handler.ts'
import { done, type Outcome } from './outcome.ts'

type State = { readonly packed: number }
type Handle = (state: State, context: HandlerContext) => Promise<Outcome<State>> | Outcome<State>

const event = orderedEvent('e-1', { parcel: 'P-1' })

const setUp = (
  handle: Handle,
  {
    attempt = 1,
    deadlineMs = 100,
    ...more
  }: { attempt?: number; deadlineMs?: number; watch?: BlockWatch } = {},
) => {
  const parent = new AbortController()
  const logged: unknown[] = []
  const handler = on(parcelOrdered, 'pack', (_event, state: State, context) => handle(state, context))
  const context = {
    now: new Date(0),
    attempt,
    traceparent: TRACEPARENT,
    options: {},
    deadlineMs,
    parent: parent.signal,
    log: (thrown: unknown) => logged.push(thrown),
    ...more,
  }
  return { parent, logged, call: () => callHandler(handler, event, { packed: 1 }, context) }
}

const never = () => new Promise<never>(() => undefined)

const untilAborted = ({ signal }: HandlerContext) =>
  new Promise<never>((_resolve, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason as Error))
  })

afterEach(() => {
  jest.useRealTimers()
})

describe('callHandler', () => {
  it('answers what the handler decided, at once or later', async () => {
    const decided = done<State>({ packed: 2 })
    await expect(setUp(() => decided).call()).resolves.toEqual(decided)
    await expect(setUp(async () => decided).call()).resolves.toEqual(decided)
  })

  it('waits for anything that can be waited for: a plugin may bring promises of its own', async () => {
    const decided = done<State>({ packed: 2 })
    const promise = Promise.resolve(decided)
    const own = new Proxy(promise, {
      get: (target, name) => (name === 'then' ? target.then.bind(target) : undefined),
    })
    await expect(setUp(() => own).call()).resolves.toEqual(decided)
  })

  it('has the part before the handler’s first wait watched, under the handler’s name', async () => {
    const watched: string[] = []
    const watch: BlockWatch = (name, work) => {
      watched.push(name)
      return work()
    }
    await setUp((state) => done(state), { watch }).call()
    expect(watched).toEqual(['pack'])
  })

  it('tells the handler the state, the time, the attempt and the trace, and a signal even in a copy', async () => {
    const seen: unknown[] = []
    const { call } = setUp(
      (state, context) => {
        seen.push(state, { ...context })
        return done(state)
      },
      { attempt: 3 },
    )
    await call()
    expect(seen).toEqual([
      { packed: 1 },
      {
        now: new Date(0),
        attempt: 3,
        traceparent: TRACEPARENT,
        options: {},
        signal: expect.any(AbortSignal),
      },
    ])
  })

  it('leaves neither timer nor listener behind', async () => {
    jest.useFakeTimers()
    const { parent, call } = setUp(async (state, { signal }) => {
      signal.throwIfAborted()
      return done(state)
    })
    await call()
    expect(jest.getTimerCount()).toBe(0)
    expect(getEventListeners(parent.signal, 'abort')).toHaveLength(0)
  })
})

describe('callHandler at the deadline', () => {
  it('aborts the handler’s signal, and takes that for a transient failure (promise 10)', async () => {
    jest.useFakeTimers()
    const called = setUp((_state, context) => untilAborted(context)).call()
    await jest.advanceTimersByTimeAsync(99)
    let answered = false
    void called.then(() => (answered = true))
    await jest.advanceTimersByTimeAsync(0)
    expect(answered).toBe(false)
    await jest.advanceTimersByTimeAsync(1)
    await expect(called).resolves.toMatchObject({ outcome: 'retry', code: 'MESH_HANDLER_DEADLINE' })
  })

  it('takes it for that at every attempt, also where the handler’s client throws an error of its own', async () => {
    jest.useFakeTimers()
    const { call, logged } = setUp(
      async (_state, context) => {
        await untilAborted(context).catch(() => undefined)
        throw Object.assign(new Error('This operation was aborted'), { name: 'AbortError' })
      },
      { attempt: 50 },
    )
    const called = call()
    await jest.advanceTimersByTimeAsync(100)
    await expect(called).resolves.toMatchObject({ outcome: 'retry', code: 'MESH_HANDLER_DEADLINE' })
    expect(logged).toEqual([])
  })

  it('lets what a handler decides shortly after it count: the effect may have been had', async () => {
    jest.useFakeTimers()
    const { call } = setUp(async (state, context) => {
      await untilAborted(context).catch(() => undefined)
      await new Promise((resolve) => void setTimeout(resolve, 4_000))
      return done(state)
    })
    const called = call()
    await jest.advanceTimersByTimeAsync(4_100)
    await expect(called).resolves.toMatchObject({ outcome: 'done' })
  })

  it('leaves a handler behind that neither finishes nor stops, so that its key is not stuck (promise 5)', async () => {
    jest.useFakeTimers()
    const called = setUp(never).call()
    await jest.advanceTimersByTimeAsync(100 + 5_000)
    await expect(called).resolves.toMatchObject({ outcome: 'retry', code: 'MESH_HANDLER_DEADLINE' })
    expect(jest.getTimerCount()).toBe(0)
  })
})

describe('callHandler and errors', () => {
  it.each([
    ['retry', 'MESH_LMS_ERROR'],
    ['dead', 'MESH_LMS_FORBIDDEN'],
  ] as const)('makes %s of a thrown %s, as the catalogue says', async (outcome, code) => {
    const { call, logged } = setUp(() => {
      throw new MeshError(code, 'What happened.')
    })
    await expect(call()).resolves.toMatchObject({ outcome, code, reason: 'What happened.' })
    expect(logged).toEqual([])
  })

  it.each<[string, unknown, string]>([
    ['an Error', new RangeError('marker@example.org'), 'RangeError'],
    ['a string', 'marker@example.org', 'string'],
    ['nothing', undefined, 'undefined'],
    ['an object', { email: 'marker@example.org' }, 'object'],
  ])('retries %s that nobody expected, and tells none of its words (promise 11)', async (_, thrown, told) => {
    for (const handle of [
      () => Promise.reject(thrown as Error),
      () => {
        throw thrown as Error
      },
    ]) {
      const { call, logged } = setUp(handle)
      const outcome = await call()
      expect(outcome).toMatchObject({ outcome: 'retry', scope: 'record', code: 'MESH_HANDLER_THREW' })
      expect(JSON.stringify(outcome)).not.toContain('marker')
      expect(outcome.reason).toContain(told)
      expect(logged).toEqual([thrown])
    }
  })

  it('no longer takes it for bad luck at the tenth attempt', async () => {
    const handle = () => Promise.reject(new Error('a fault in the program'))
    await expect(setUp(handle, { attempt: 9 }).call()).resolves.toMatchObject({ outcome: 'retry' })
    await expect(setUp(handle, { attempt: 10 }).call()).resolves.toMatchObject({
      outcome: 'dead',
      code: 'MESH_HANDLER_THREW',
    })
  })

  it.each<[string, unknown]>([
    ['nothing', undefined],
    ['null', null],
    ['a bare state', { packed: 2 }],
    ['an outcome that there is not', { outcome: 'maybe' }],
    ['a failure without its code', { outcome: 'dead', reason: 'no code' }],
    ['a suppression without its reason', { outcome: 'suppressed' }],
    [
      'a wait that is no number',
      { outcome: 'retry', code: 'MESH_LMS_THROTTLED', reason: '429', afterMs: Number.NaN },
    ],
    [
      'a wait without an end',
      { outcome: 'retry', code: 'MESH_LMS_THROTTLED', reason: '429', afterMs: Infinity },
    ],
    ['events that are no list', { outcome: 'done', events: 'parcel.packed' }],
    ['an event without a contract', { outcome: 'done', events: [{ data: {} }] }],
    ['an outcome that only looks like one', Object.create({ outcome: 'done' })],
  ])('takes %s as an answer for a fault of the handler, not for the end of its key', async (_, answer) => {
    for (const handle of [() => answer, async () => answer]) {
      const { call } = setUp(handle as Handle, { attempt: 10 })
      await expect(call()).resolves.toMatchObject({ outcome: 'dead', code: 'MESH_HANDLER_THREW' })
    }
  })
})

describe('callHandler after a revoke (promise 7)', () => {
  it('aborts the handler’s signal, and its outcome counts for nothing', async () => {
    const { parent, call } = setUp(async (state, context) => {
      await untilAborted(context).catch(() => undefined)
      return done(state)
    })
    const called = call()
    parent.abort()
    await expect(called).rejects.toBeInstanceOf(Revoked)
  })

  it('throws Revoked also where the handler heeds nothing or was never to start', async () => {
    jest.useFakeTimers()
    const stubborn = setUp(never)
    const called = stubborn.call()
    const told = expect(called).rejects.toBeInstanceOf(Revoked)
    stubborn.parent.abort()
    await jest.advanceTimersByTimeAsync(5_000)
    await told
    const late = setUp((state) => done(state))
    late.parent.abort()
    await expect(late.call()).rejects.toBeInstanceOf(Revoked)
  })
})
