import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals'
import { createRequire } from 'node:module'
import { patchRequestQueue } from './request-queue.ts'

type Request = {
  entry: { correlationId: number; resolve: () => void; reject: () => void }
  expectResponse: boolean
  sendRequest: () => void
}
type Queue = {
  push(request: Request): void
  fulfillRequest(response: { correlationId: number; payload: Buffer; size: number }): void
  maybeThrottle(ms: number): void
  destroy(): void
}

const load = createRequire(import.meta.url)
const RequestQueue = load('kafkajs/src/network/requestQueue') as new (options: object) => Queue

const ignore = () => {}
const logger = { debug: ignore, info: ignore, warn: ignore, error: ignore }

const newQueue = () =>
  new RequestQueue({ logger, clientId: 'c', broker: 'b', requestTimeout: 1_000, maxInFlightRequests: 1 })

const push = (queue: Queue, sent: number[], correlationId: number) =>
  queue.push({
    entry: { correlationId, resolve: ignore, reject: ignore },
    expectResponse: true,
    sendRequest: () => void sent.push(correlationId),
  })

const answer = (queue: Queue, correlationId: number) =>
  queue.fulfillRequest({ correlationId, payload: Buffer.alloc(0), size: 0 })

let timers: ReturnType<typeof jest.spyOn>

/** Delays of the timers that were armed, in milliseconds. */
const delays = () => timers.mock.calls.map((call: unknown[]) => call[1] as number)

beforeEach(() => {
  jest.useFakeTimers()
  timers = jest.spyOn(globalThis, 'setTimeout')
})

afterEach(() => {
  jest.restoreAllMocks()
  jest.useRealTimers()
})

describe('the request queue of kafkajs', () => {
  it('as published, arms timers without an end once an answer came, below zero', () => {
    const queue = newQueue()
    push(queue, [], 1)
    answer(queue, 1)
    jest.advanceTimersByTime(100)
    expect(delays().length).toBeGreaterThan(50)
    expect(Math.min(...delays())).toBeLessThan(0)
    queue.destroy()
  })

  it('patched, arms none while nothing waits', () => {
    patchRequestQueue()
    const queue = newQueue()
    for (const id of [1, 2, 3]) {
      push(queue, [], id)
      answer(queue, id)
    }
    jest.advanceTimersByTime(10_000)
    expect(delays()).toEqual([])
  })

  it('patched, sends what waited for a place as soon as there is one', () => {
    patchRequestQueue()
    const queue = newQueue()
    const sent: number[] = []
    push(queue, sent, 1)
    push(queue, sent, 2)
    expect(sent).toEqual([1])
    answer(queue, 1)
    expect(sent).toEqual([1, 2])
    answer(queue, 2)
    jest.advanceTimersByTime(10_000)
    expect(delays()).toEqual([10])
  })

  it('patched, keeps still for as long as the broker wants, with one timer', () => {
    patchRequestQueue()
    const queue = newQueue()
    const sent: number[] = []
    queue.maybeThrottle(500)
    push(queue, sent, 1)
    jest.advanceTimersByTime(499)
    expect(sent).toEqual([])
    jest.advanceTimersByTime(1)
    expect(sent).toEqual([1])
    expect(delays()).toEqual([500])
    answer(queue, 1)
  })
})
