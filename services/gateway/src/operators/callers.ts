import { MeshError, type Store } from '@commerce-mesh/mesh'
import { z } from 'zod'
import { type CallerDocument, callersCollection, newApiKey } from '../auth/api-key.ts'
import { callerName, scope } from '../auth/caller.ts'
import { json } from '../http/answer.ts'
import { jsonBody } from '../http/json-body.ts'
import { type Route, callerRoute } from '../http/route.ts'

const callerRequest = z
  .strictObject({
    name: callerName,
    scopes: z
      .array(scope)
      .min(1)
      .refine((scopes) => new Set(scopes).size === scopes.length, { error: 'must not name a scope twice' }),
  })
  .meta({ id: 'CallerRequest' })

const callerMade = z
  .strictObject({
    name: z.string(),
    scopes: z.array(scope),
    key: z.string().describe('The API key. Shown this once and stored nowhere.'),
  })
  .meta({ id: 'CallerMade' })

/** `POST /v1/callers`: makes an API key. Several keys may have one name, so that a key can be replaced without a gap. */
export const makeCaller = (store: Store, now: () => Date, jsonDepth: number): Route =>
  callerRoute({
    method: 'POST',
    path: '/v1/callers',
    operation: 'makeCaller',
    summary: 'Makes an API key for a caller. The key is shown once.',
    access: ['operate'],
    body: jsonBody(callerRequest, jsonDepth),
    answers: { 201: { description: 'The key works on every gateway at once.', schema: callerMade } },
    handle: async ({ body: { name, scopes } }) => {
      const { key, keyHash } = newApiKey()
      const document: CallerDocument = { name, scopes, createdAt: now().toISOString() }
      const version = await store.put(callersCollection.name, keyHash, document, 0)
      if (version === undefined)
        throw new MeshError('MESH_STORE_UNAVAILABLE', 'The new caller could not be stored.')
      return json(201, { name, scopes, key })
    },
  })
