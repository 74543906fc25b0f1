import { setTimeout as delay } from 'node:timers/promises'
import { type Attempted, nthOrder } from './storefront.ts'

/** Orders sent so far: those of which every request was answered 2xx, and those that got no such answer. */
export type Sent = { readonly accepted: Attempted[]; readonly unsure: Attempted[] }

/** Shoppers that order one after the other until they are told to stop. */
export type Shoppers = { readonly sent: Sent; stop(): Promise<void> }

/** What came back for one request. */
export type Answer = {
  /** When it came (ms, monotonic). */
  readonly at: number
  /** Milliseconds that it took. */
  readonly ms: number
  /** HTTP status; 0: the connection was refused or broke, or nothing came in time. */
  readonly status: number
  readonly retryAfter: string | null
}

/** How shoppers behave. */
export type ShoppingOptions = {
  /** The nth order, from 1. */
  readonly orderOf?: (nth: number) => Attempted
  /** Orders begun by all together, per second. Default: as many as are answered. */
  readonly perSecond?: number
  /** Milliseconds for which a request without a 2xx is sent again. Every fourth shopper does so never. Default: 0. */
  readonly insistMs?: number
  /** Milliseconds after which a shopper waits no longer for an answer. Default: 10,000. */
  readonly answerWithinMs?: number
  /** Milliseconds that a shopper pauses whose order was not taken. Default: 20. */
  readonly afterRefusalMs?: number
  readonly onAnswer?: (answer: Answer) => void
}

const AGAIN_MS = 250

type Request = Attempted['requests'][number]

const send = async (
  url: string,
  { path, headers, body }: Request,
  answerWithinMs: number,
): Promise<Answer> => {
  const started = performance.now()
  const answered = (status: number, retryAfter: string | null): Answer => {
    const at = performance.now()
    return { at, ms: at - started, status, retryAfter }
  }
  try {
    const response = await fetch(url + path, {
      method: 'POST',
      headers,
      body,
      signal: AbortSignal.timeout(answerWithinMs),
    })
    await response.arrayBuffer()
    return answered(response.status, response.headers.get('retry-after'))
  } catch {
    return answered(0, null)
  }
}

/** Hands out the moments at which orders begin, evenly. */
const turnstile = (perSecond: number) => {
  let next = performance.now()
  return async () => {
    const now = performance.now()
    // What was missed while nobody answered is not made up for.
    next = Math.max(next + 1_000 / perSecond, now)
    if (next > now) await delay(next - now)
  }
}

/** Sends orders to `url`, whether somebody answers there or not. */
export const startShoppers = (
  url: string,
  count: number,
  {
    orderOf = nthOrder,
    perSecond,
    insistMs = 0,
    answerWithinMs = 10_000,
    afterRefusalMs = 20,
    onAnswer = () => {},
  }: ShoppingOptions = {},
): Shoppers => {
  const sent: Sent = { accepted: [], unsure: [] }
  const turn = perSecond === undefined ? async () => {} : turnstile(perSecond)
  let stopped = false
  let next = 1

  const deliver = async (request: Request, patienceMs: number): Promise<boolean> => {
    const end = performance.now() + patienceMs
    for (;;) {
      const answer = await send(url, request, answerWithinMs)
      onAnswer(answer)
      if (answer.status >= 200 && answer.status < 300) return true
      if (performance.now() >= end) return false
      await delay(AGAIN_MS)
    }
  }
  const place = async (order: Attempted, patienceMs: number): Promise<boolean> => {
    for (const request of order.requests) if (!(await deliver(request, patienceMs))) return false
    return true
  }
  const shop = async (_: unknown, shopper: number) => {
    const patienceMs = shopper % 4 === 3 ? 0 : insistMs
    while (!stopped) {
      await turn()
      const order = orderOf(next++)
      const accepted = await place(order, patienceMs)
      sent[accepted ? 'accepted' : 'unsure'].push(order)
      // While nobody answers, asking again at once would only burn the processor that the restart needs.
      if (!accepted) await delay(afterRefusalMs)
    }
  }
  const shoppers = Array.from({ length: count }, shop)
  return {
    sent,
    stop: async () => {
      stopped = true
      await Promise.all(shoppers)
    },
  }
}
