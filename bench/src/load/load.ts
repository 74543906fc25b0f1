import { connect } from './http-client.ts'
import { orderBody } from './orders.ts'

/** What a run of load showed. */
export type LoadResult = {
  readonly sent: number
  readonly ok: number
  readonly seconds: number
  readonly latenciesMs: readonly number[]
}

/** When a run ends: after a count of orders, or after milliseconds, whichever comes first. */
export type LoadBounds = { readonly orders: number; readonly ms: number }

/** Sends orders over `connections` connections, each with one request in flight, numbered from `first`. */
export const sendLoad = async (
  port: number,
  connections: number,
  prefix: string,
  bounds: LoadBounds,
  first = 0,
): Promise<LoadResult> => {
  const latenciesMs: number[] = []
  let sent = 0
  let ok = 0
  const opened = await Promise.all(Array.from({ length: connections }, () => connect(port)))
  const started = performance.now()
  await Promise.all(
    opened.map(async (connection) => {
      while (sent < bounds.orders && performance.now() - started < bounds.ms) {
        const body = orderBody(prefix, first + sent++)
        const before = performance.now()
        if ((await connection.post('/v1/orders', body)) === 202) ok++
        latenciesMs.push(performance.now() - before)
      }
    }),
  )
  const seconds = (performance.now() - started) / 1000
  for (const connection of opened) connection.close()
  return { sent, ok, seconds, latenciesMs }
}
