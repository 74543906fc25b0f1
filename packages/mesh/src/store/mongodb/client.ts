import { type Db, MongoClient, type MongoClientOptions, ReadConcern, type TopologyDescription } from 'mongodb'
import type { MongodbSettings } from '../../config/schema.ts'
import { unusableUrl } from './failure.ts'

const HEARTBEAT_MS = 5_000

/**
 * How long the driver may take for each part of a request: a little less than the whole request, so that its word on
 * what is wrong comes before our deadline. (Its `timeoutMS` would bound the whole, but has no effect since 7.9.)
 */
const driverPatience = (timeoutMs: number): number => timeoutMs - Math.min(200, timeoutMs / 10)

const options = (url: string, patienceMs: number, answerMs: number): MongoClientOptions => ({
  serverSelectionTimeoutMS: patienceMs,
  connectTimeoutMS: patienceMs,
  waitQueueTimeoutMS: patienceMs,
  socketTimeoutMS: answerMs,
  heartbeatFrequencyMS: HEARTBEAT_MS,
  ...(!/[?&]appname=/i.test(url) && { appName: 'commerce-mesh' }),
})

/**
 * A client that has not connected yet.
 *
 * @param answerMs - how long one answer may take, in milliseconds; the timeout of the settings when absent.
 * @throws MeshError MESH_CONFIG_INVALID
 */
export const createClient = ({ url, timeoutMs }: MongodbSettings, answerMs?: number): MongoClient => {
  const patienceMs = driverPatience(timeoutMs)
  try {
    return new MongoClient(url, options(url, patienceMs, answerMs ?? patienceMs))
  } catch {
    throw unusableUrl()
  }
}

/**
 * The mesh's database, with concerns that no connection string can weaken.
 *
 * Writes are answered once a majority has them in its journal: an election can't take them back. Reads ask the primary
 * for what a majority has. Since the primary answers a write only when its own majority snapshot has it, a read sees
 * every write that was answered before, by whatever process; and never one that may still be taken back, upon which a
 * record would be dropped as seen ('local' does that). What is left: a primary that was just cut off or just elected
 * may answer from before for the seconds of an election. Whoever decides on that meets a newer version when it writes.
 * 'linearizable' would close that gap for a majority write with every read, and standalone servers do not have it.
 */
export const databaseOf = (client: MongoClient, name: string): Db =>
  client.db(name, {
    writeConcern: { w: 'majority', journal: true },
    readConcern: new ReadConcern('majority'),
    readPreference: 'primary',
  })

/** The addresses that were configured, without credentials. */
export const hostsOf = ({ options: { srvHost, hosts } }: MongoClient): string =>
  srvHost ?? hosts.map(String).join(', ')

const TAKES_WRITES: readonly string[] = ['Standalone', 'RSPrimary', 'Mongos', 'LoadBalancer']

/** Whether a server is known that takes writes. */
export const takesWrites = ({ servers }: TopologyDescription): boolean =>
  [...servers.values()].some(({ type }) => TAKES_WRITES.includes(type))
