import { setTimeout as delay } from 'node:timers/promises'
import { type Connection, connect } from './http-client.ts'
import { orderBody } from './orders.ts'

/** How load at a fixed rate is sent. */
export type OpenLoopPlan = {
  readonly port: number
  readonly connections: number
  readonly perSecond: number
  /** Asked before each order. */
  readonly goesOn: (sent: number) => boolean
}

/** What load at a fixed rate showed. */
export type OpenLoopResult = {
  readonly sent: number
  readonly ok: number
  /** Of each answer, in milliseconds since its order was due by the clock, whether or not it could be sent then. */
  readonly latenciesMs: readonly number[]
  /** How much after its time each order was sent, in milliseconds. */
  readonly latenessMs: readonly number[]
}

/** Connections that are free, each handed out once; one that the server closed while it was idle is opened anew. */
const createPool = async ({ port, connections }: OpenLoopPlan) => {
  const free = await Promise.all(Array.from({ length: connections }, () => connect(port)))
  const waiting: ((connection: Connection) => void)[] = []
  const next = () => free.pop() ?? new Promise<Connection>((resolve) => waiting.push(resolve))
  return {
    take: async (): Promise<Connection> => {
      const connection = await next()
      return connection.isOpen() ? connection : connect(port)
    },
    give: (connection: Connection) => {
      const taker = waiting.shift()
      if (taker === undefined) free.push(connection)
      else taker(connection)
    },
    /** Closes those that are free. */
    close: () => {
      for (const connection of free) connection.close()
    },
  }
}

/** Sends one order after the other at the times of a clock, whether or not earlier ones are answered (an open loop). */
export const sendAtRate = async (prefix: string, plan: OpenLoopPlan): Promise<OpenLoopResult> => {
  const pool = await createPool(plan)
  const latenciesMs: number[] = []
  const latenessMs: number[] = []
  const underWay = new Set<Promise<void>>()
  let ok = 0
  let sent = 0

  const send = async (nth: number, due: number) => {
    const connection = await pool.take()
    latenessMs.push(performance.now() - due)
    const status = await connection.post('/v1/orders', orderBody(prefix, nth))
    latenciesMs.push(performance.now() - due)
    if (status === 202) ok++
    pool.give(connection)
  }

  const started = performance.now()
  while (plan.goesOn(sent)) {
    const due = started + (sent * 1_000) / plan.perSecond
    const early = due - performance.now()
    if (early > 0) await delay(early)
    const sending = send(sent++, due).finally(() => underWay.delete(sending))
    underWay.add(sending)
  }
  await Promise.all(underWay)
  pool.close()
  return { sent, ok, latenciesMs, latenessMs }
}
