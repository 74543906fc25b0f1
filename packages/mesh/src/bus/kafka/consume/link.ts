import type { KafkaClient } from '../client.ts'
import type { HeldBack } from '../wire/internals.ts'
import { type AddressBook, type Nodes, createNodes } from '../wire/nodes.ts'

/** Connections of our own for one kind of request: a broker answers one connection's requests one after the other. */
export type Link = {
  /** Like {@link Nodes}, but every request ends in time. */
  readonly nodes: Nodes
  /** Hangs up and begins anew; what waits for an answer fails. */
  reset(): void
}

/** How connections behave. */
export type LinkOptions = {
  /** Milliseconds for connecting, logging in and an answer. */
  readonly answerMs: number
  /** Shared among connections to the same cluster. */
  readonly addresses: AddressBook
  /** See {@link createNodes}. */
  readonly random?: () => number
}

/**
 * Share of the time that connecting and logging in may take: the next broker must get a turn before the link gives up,
 * and a join, whose answer takes long, must not wait as long for a broker that swallows everything.
 */
const CONNECTING = 0.6

/**
 * Prepares connections that can't get stuck. kafkajs has ways in which a request is never settled (a broker that hangs
 * up before the TLS handshake has ended); such a connection is given up.
 */
export const createLink = (client: KafkaClient, { answerMs, ...options }: LinkOptions): Link => {
  const open = () => createNodes(client, { ...options, connectMs: answerMs * CONNECTING })
  let nodes = open()
  let closed = false

  const reset = () => {
    if (closed) return
    const old = nodes
    nodes = open()
    old.close()
  }

  const inTime = async <T>(request: (nodes: Nodes) => Promise<T>, extraMs = 0): Promise<T> => {
    const used = nodes
    const over = Promise.withResolvers<never>()
    const timer = setTimeout(() => {
      over.reject(new Error(`The brokers did not answer within ${answerMs + extraMs} ms.`))
      if (used === nodes) reset()
    }, answerMs + extraMs)
    try {
      return await Promise.race([request(used), over.promise])
    } finally {
      clearTimeout(timer)
    }
  }

  return {
    nodes: {
      metadata: (topics) => inTime((now) => now.metadata(topics)),
      send: (node, api, parameters) =>
        inTime((now) => now.send(node, api, parameters), (parameters as HeldBack).heldBackMs),
      sendAny: (api, parameters) => inTime((now) => now.sendAny(api, parameters)),
      close: () => {
        closed = true
        nodes.close()
      },
    },
    reset,
  }
}
