import { hash } from 'node:crypto'
import { type Collection, type Store, isMeshError } from '@commerce-mesh/mesh'
import type { Answer } from '../http/answer.ts'
import { Refusal } from '../problem/refusal.ts'

/** Requests with an Idempotency-Key, until a day later. Document id: {@link recordId}. */
export const idempotencyCollection: Collection = { name: 'idempotency', indexes: { expiry: 'expiresAt' } }

/** A claim that nobody finished is free again after this time: the process that held it is gone. */
const LEASE_MS = 60_000
const KEPT_MS = 86_400_000

/** What is kept of one request. Times are milliseconds since the epoch. */
type IdempotencyRecord = {
  /** What the request was: caller, endpoint and body. */
  readonly fingerprint: string
  readonly expiresAt: number
  readonly leaseUntil: number
  /** Missing while the request runs. */
  readonly answer?: Answer
}

const recordId = (caller: string, key: string) => hash('sha256', `${caller.length}:${caller}${key}`, 'hex')

const inFlight = (waitMs: number) =>
  new Refusal(
    409,
    'MESH_IDEMPOTENCY_IN_FLIGHT',
    'The first request with this Idempotency-Key is still running.',
    {
      headers: { 'retry-after': String(Math.max(1, Math.ceil(waitMs / 1_000))) },
    },
  )

const reused = () =>
  new Refusal(
    422,
    'MESH_IDEMPOTENCY_REUSED',
    'This Idempotency-Key was used with another request; use a new key.',
  )

const replayed = (answer: Answer): Answer => ({
  ...answer,
  headers: { ...answer.headers, 'idempotent-replayed': 'true' },
})

type Claimed = { readonly version: number } | { readonly stored: Answer }

/** Takes the key for this request, or finds out what became of the first. @throws Refusal 409 or 422 */
const claim = async (store: Store, id: string, fingerprint: string, now: number): Promise<Claimed> => {
  const record: IdempotencyRecord = { fingerprint, expiresAt: now + KEPT_MS, leaseUntil: now + LEASE_MS }
  const fresh = await store.put(idempotencyCollection.name, id, record, 0)
  if (fresh !== undefined) return { version: fresh }
  const found = await store.get<IdempotencyRecord>(idempotencyCollection.name, id)
  const before = found?.body
  if (found !== undefined && before !== undefined && before.expiresAt > now) {
    if (before.fingerprint !== fingerprint) throw reused()
    if (before.answer !== undefined) return { stored: before.answer }
    if (before.leaseUntil > now) throw inFlight(before.leaseUntil - now)
  }
  const version = await store.put(idempotencyCollection.name, id, record, found?.version ?? 0)
  if (version === undefined) throw inFlight(1_000)
  return { version }
}

/** Keeps the answer. The order is durable by now, so a store that fails here must not turn the 202 into an error. */
const keep = async (store: Store, id: string, record: IdempotencyRecord, version: number): Promise<void> => {
  try {
    await store.put(idempotencyCollection.name, id, record, version)
  } catch (thrown) {
    if (!isMeshError(thrown, 'MESH_STORE_UNAVAILABLE')) throw thrown
  }
}

/** Frees a key whose request failed, so that the caller can try again at once; what fails here ends with the lease. */
const free = async (store: Store, id: string, version: number): Promise<void> => {
  try {
    await store.remove(idempotencyCollection.name, id, version)
  } catch (thrown) {
    if (!isMeshError(thrown, 'MESH_STORE_UNAVAILABLE')) throw thrown
  }
}

/** A request that carries a key. */
export type KeyedRequest = { readonly caller: string; readonly key: string; readonly fingerprint: string }

/**
 * Runs `work` once for a key of a caller (draft-ietf-httpapi-idempotency-key-header): claim, work, keep the answer. The same
 * request again gets the kept answer for 24 hours, with `Idempotent-Replayed: true`.
 *
 * @param now - milliseconds since the epoch.
 * @throws Refusal 422 when the key was used for another request, 409 with `Retry-After` while the first one runs;
 *   whatever `work` throws, after which the key is free again.
 */
export const once = async (
  store: Store,
  request: KeyedRequest,
  now: () => number,
  work: () => Promise<Answer>,
): Promise<Answer> => {
  const id = recordId(request.caller, request.key)
  const claimed = await claim(store, id, request.fingerprint, now())
  if ('stored' in claimed) return replayed(claimed.stored)
  try {
    const answer = await work()
    const at = now()
    await keep(
      store,
      id,
      { fingerprint: request.fingerprint, expiresAt: at + KEPT_MS, leaseUntil: at, answer },
      claimed.version,
    )
    return answer
  } catch (thrown) {
    await free(store, id, claimed.version)
    throw thrown
  }
}

/**
 * Deletes records that have expired, the oldest first, at most `limit`.
 *
 * @returns how many went.
 */
export const sweepIdempotency = async (store: Store, now: number, limit: number): Promise<number> => {
  const { documents } = await store.find<IdempotencyRecord>(idempotencyCollection.name, {
    index: 'expiry',
    to: now,
    limit,
  })
  const gone = await Promise.all(
    documents.map(({ id, version }) => store.remove(idempotencyCollection.name, id, version)),
  )
  return gone.filter(Boolean).length
}
