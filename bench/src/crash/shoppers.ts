import { type Attempted, nthOrder } from './storefront.ts'

/** Orders sent so far: those of which every request was answered 2xx, and those that got no such answer. */
export type Sent = { readonly accepted: Attempted[]; readonly unsure: Attempted[] }

/** Shoppers that order one after the other until they are told to stop. */
export type Shoppers = { readonly sent: Sent; stop(): Promise<void> }

const ANSWER_WITHIN_MS = 10_000

const send = async (
  url: string,
  { path, headers, body }: Attempted['requests'][number],
): Promise<boolean> => {
  try {
    const response = await fetch(url + path, {
      method: 'POST',
      headers,
      body,
      signal: AbortSignal.timeout(ANSWER_WITHIN_MS),
    })
    await response.arrayBuffer()
    return response.ok
  } catch {
    return false
  }
}

const place = async (url: string, order: Attempted): Promise<boolean> => {
  for (const request of order.requests) if (!(await send(url, request))) return false
  return true
}

/** Sends orders to `url`, whether somebody answers there or not. */
export const startShoppers = (url: string, count: number): Shoppers => {
  const sent: Sent = { accepted: [], unsure: [] }
  let stopped = false
  let next = 1
  const shop = async () => {
    while (!stopped) {
      const order = nthOrder(next++)
      const accepted = await place(url, order)
      sent[accepted ? 'accepted' : 'unsure'].push(order)
      // While nobody answers, asking again at once would only burn the processor that the restart needs.
      if (!accepted) await new Promise((resolve) => setTimeout(resolve, 20))
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
