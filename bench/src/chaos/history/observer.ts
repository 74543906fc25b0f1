import { setTimeout as delay } from 'node:timers/promises'
import { fulfillment } from '@commerce-mesh/fulfillment'
import { gateway } from '@commerce-mesh/gateway'
import { type RunningMesh, type StartOptions, loadConfig, startMesh } from '@commerce-mesh/mesh'
import { payments } from '@commerce-mesh/payments'
import { pino } from 'pino'
import type { Sent } from '../../crash/shoppers.ts'
import { type ChainState, chains } from '../chains/service.ts'
import { SERVICES } from '../cluster/replica.ts'
import { SECRETS } from '../cluster/settings.ts'
import type { World } from '../cluster/world.ts'
import type { ChainSent } from '../load/links.ts'
import { readEffects } from './effects.ts'
import type { History } from './history.ts'
import { NO_ORDERS, readAnnounced, readCounted, readDocuments, readLetters, readOrders } from './read.ts'

/** A document as the store has it, for comparing. */
type Fingerprints = ReadonlyMap<string, string>

/** What the outside knows. */
type Seen = {
  readonly orders: Sent
  readonly links: readonly ChainSent[]
  /** Dead letters that there must be of records that can't be read. */
  readonly unreadable: number
  readonly charges: readonly string[]
}

/** Looks at a world from outside, on its engines. */
export type Observer = {
  /** What is under way at this moment, in words; empty: nothing. */
  underWay(): Promise<string[]>
  /**
   * Waits until nothing is under way.
   * @returns what is still under way when nothing has moved for `timeoutMs`; empty: all is settled.
   */
  settle(timeoutMs: number): Promise<string[]>
  /** Everything that was sent and done, once all is settled. */
  history(seen: Seen): Promise<History>
  /** Documents of services, by `service/key`: their state, inbox, waiting work and version. */
  documents(services: readonly string[]): Promise<Fingerprints>
  /** When a process counted links (ms since the epoch), as the bus has it. @param replica - `chains-1`, in all its lives */
  countedAt(replica: string): Promise<number[]>
  close(): Promise<void>
}

const LOOK_EVERY_MS = 500

const all = [gateway, payments, fulfillment, chains({ port: 0, by: '', slowMs: 0 })]

type Known = (typeof all)[number]

const underWay = async ({ bus, store }: RunningMesh, known: readonly Known[]): Promise<string[]> => {
  const found: string[] = []
  for (const { name, consumes } of known) {
    const topics = consumes.map(({ type }) => type)
    for (const { topic, partition, committed, end } of await bus.lag(name, topics))
      if (committed < end) found.push(`${name}: ${end - committed} records of ${topic}/${partition}`)
    for (const [index, what] of [
      ['outboxSince', 'outboxes'],
      ['dueAt', 'waiting keys'],
    ] as const) {
      const count = await store.count(name, { index })
      if (count > 0) found.push(`${name}: ${count} ${what}`)
    }
  }
  return found
}

/** Opens the engines of a world to look at them. They have to be up. */
export const openObserver = async (world: World): Promise<Observer> => {
  const known = all.filter(({ name }) => world.services.some((service) => service === name))
  const { config } = loadConfig(world.config, { services: [], elsewhere: SERVICES, env: SECRETS })
  const mesh = await startMesh({
    config,
    services: [],
    known: known as unknown as StartOptions['services'],
    log: pino({ level: 'silent' }),
  })
  return {
    underWay: () => underWay(mesh, known),
    settle: async (timeoutMs) => {
      let seen = ''
      let since = performance.now()
      for (;;) {
        const found = await underWay(mesh, known)
        // One group is looked at after the other; what moved on in between shows in a second look.
        if (found.length === 0 && (await underWay(mesh, known)).length === 0) return []
        const now = found.join()
        if (now !== seen) since = performance.now()
        seen = now
        if (performance.now() - since > timeoutMs) return found
        await delay(LOOK_EVERY_MS)
      }
    },
    history: async ({ orders, links, unreadable, charges }) => {
      const states = new Map(
        (await readDocuments<ChainState>(mesh, 'chains')).map(({ id, body }) => [id, body.state.counted]),
      )
      const announced = await readAnnounced(mesh)
      const letters = await readLetters(mesh)
      return {
        ...orders,
        enrolled: readEffects(world.effects),
        ...(known.includes(gateway) ? await readOrders(mesh) : NO_ORDERS),
        chains: links.map((link) => ({
          ...link,
          counted: (states.get(link.chain) ?? []).map(({ link: nth }) => nth),
          announced: [...(announced.get(link.chain) ?? [])],
        })),
        refused: letters.refused,
        unreadable: { found: letters.unreadable, expected: unreadable },
        underWay: await underWay(mesh, known),
        charges,
        drift: (await mesh.operations.audit()).drift,
      }
    },
    documents: async (services) => {
      const prints = new Map<string, string>()
      for (const service of services)
        for (const { id, version, body } of await readDocuments(mesh, service))
          prints.set(`${service}/${id}`, JSON.stringify({ version, body }))
      return prints
    },
    countedAt: async (replica) =>
      (await readCounted(mesh))
        .filter(({ by }) => by.startsWith(`${replica}#`))
        .map(({ timestamp }) => timestamp),
    close: () => mesh.stop(),
  }
}
