import { hash, randomBytes } from 'node:crypto'
import type { Collection, Store } from '@commerce-mesh/mesh'
import { z } from 'zod'
import { type Caller, type Scope, callerName, scope } from './caller.ts'

/** What every API key starts with: makes leaked keys easy to find. */
export const KEY_PREFIX = 'mesh_'

/** API keys that were made while running. Document id: {@link hashKey} of the key; the key itself is stored nowhere. */
export const callersCollection: Collection = { name: 'callers', indexes: { name: 'name' } }

const callerDocument = z.object({
  name: callerName,
  scopes: z.array(scope),
  createdAt: z.string(),
  revokedAt: z.string().optional(),
})

/** A document of {@link callersCollection}. */
export type CallerDocument = z.output<typeof callerDocument>

/** SHA-256 of an API key in hex: what is stored. Keys have 256 random bits, so no slow hash is needed. */
export const hashKey = (key: string): string => hash('sha256', key, 'hex')

/** Makes an API key. `key` is shown once, `keyHash` goes into `services.gateway.callers` or {@link callersCollection}. */
export const newApiKey = (): { key: string; keyHash: string } => {
  const key = KEY_PREFIX + randomBytes(32).toString('base64url')
  return { key, keyHash: hashKey(key) }
}

/** The caller that a stored document describes; undefined when it is revoked or can't be read. */
const callerOf = (body: unknown): Caller | undefined => {
  const { data } = callerDocument.safeParse(body)
  if (data === undefined || data.revokedAt !== undefined) return undefined
  return { name: data.name, scopes: new Set(data.scopes), staff: false }
}

/** Looks up the caller of a key hash; undefined when there is none or it is revoked. */
export type FindCaller = (keyHash: string) => Promise<Caller | undefined>

/** Finds callers in the store. @throws MeshError MESH_STORE_UNAVAILABLE */
export const storedCallers =
  (store: Store): FindCaller =>
  async (keyHash) =>
    callerOf((await store.get(callersCollection.name, keyHash))?.body)

/** Callers that the configuration names, by key hash. */
export const configuredCallers = (
  callers: readonly { name: string; keyHash: string; scopes: readonly Scope[] }[],
): ReadonlyMap<string, Caller> =>
  new Map(
    callers.map(({ name, keyHash, scopes }) => [keyHash, { name, scopes: new Set(scopes), staff: false }]),
  )
