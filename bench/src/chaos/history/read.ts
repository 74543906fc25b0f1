import { type DataOf, orderFulfilled, orderPlaced } from '@commerce-mesh/contracts'
import { type OrderView, gateway, toOrderStatus } from '@commerce-mesh/gateway'
import type { BusRecord, DeadLetter, RunningMesh } from '@commerce-mesh/mesh'
import { chainCounted } from '../chains/contracts.ts'

/** CloudEvents `source` of what no service made. */
export const CHAOS_SOURCE = '/chaos'

type Aggregate<S = unknown> = { readonly state: S }

const PAGE = 500

const readTopic = async ({ bus }: RunningMesh, topic: string): Promise<BusRecord[]> => {
  const records: BusRecord[] = []
  for (const lag of await bus.lag('observer', [topic])) {
    for (let offset = lag.start; offset < lag.end;) {
      const page = await bus.read(lag, offset, PAGE)
      if (page.length === 0) break
      records.push(...page)
      offset = (page.at(-1)?.offset ?? lag.end) + 1
    }
  }
  return records
}

/** Different events of a topic, by record key; without those that the poison scenario made. */
const eventsByKey = async (mesh: RunningMesh, topic: string): Promise<Map<string, number>> => {
  const ids = new Map<string, Set<string>>()
  for (const { key, headers } of await readTopic(mesh, topic)) {
    const id = headers['ce_id']
    if (key === null || id === undefined || headers['ce_source'] === CHAOS_SOURCE) continue
    ids.set(key, (ids.get(key) ?? new Set()).add(id))
  }
  return new Map([...ids].map(([key, different]) => [key, different.size]))
}

/** Every document of a service, by key. */
export const readDocuments = async <S>({ store }: RunningMesh, collection: string) => {
  const documents: { id: string; version: number; body: Aggregate<S> }[] = []
  let after: string | undefined
  do {
    const page = await store.find<Aggregate<S>>(collection, {
      limit: PAGE,
      ...(after !== undefined && { after }),
    })
    documents.push(...page.documents)
    after = page.next
  } while (after !== undefined)
  return documents
}

const readShown = async (mesh: RunningMesh): Promise<Map<string, string>> => {
  const views = await readDocuments<OrderView>(mesh, gateway.name)
  return new Map(views.map(({ id, body }) => [id, toOrderStatus(body.state).status]))
}

/** What events and the gateway's picture say about orders. */
export const readOrders = async (mesh: RunningMesh) => ({
  placed: await eventsByKey(mesh, orderPlaced.type),
  fulfilled: await eventsByKey(mesh, orderFulfilled.type),
  shown: await readShown(mesh),
})

/** The same where there are none. */
export const NO_ORDERS = { placed: new Map(), fulfilled: new Map(), shown: new Map() }

/** Every `chain.counted`, with the time at which the bus took it. */
export const readCounted = async (mesh: RunningMesh) =>
  (await readTopic(mesh, chainCounted.type)).map(({ value, timestamp }) => {
    const data = JSON.parse(Buffer.from(value ?? []).toString()) as DataOf<typeof chainCounted>
    return { ...data, timestamp }
  })

/** Links that were told as counted, by chain. */
export const readAnnounced = async (mesh: RunningMesh): Promise<Map<string, Set<number>>> => {
  const links = new Map<string, Set<number>>()
  for (const { chain, link } of await readCounted(mesh))
    links.set(chain, (links.get(chain) ?? new Set()).add(link))
  return links
}

/** Open dead letters: keys of the records that were refused, and how many could not be read. */
export const readLetters = async ({ operations }: RunningMesh) => {
  const letters: DeadLetter[] = await operations.deadLetters({ limit: 1_000 })
  const isUnreadable = ({ class: kind }: DeadLetter) => kind === 'poison' || kind === 'contract'
  return {
    refused: letters.filter((letter) => !isUnreadable(letter)).map(({ key }) => key ?? ''),
    unreadable: letters.filter(isUnreadable).length,
  }
}
