import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { type Server, createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { isMeshError } from '@commerce-mesh/mesh'
import { type JWK, SignJWT, exportJWK, generateKeyPair } from 'jose'
import { gatewayOptions } from '../options.ts'
import { createJwtVerifier } from './jwt.ts'
import { Unauthenticated } from './unauthenticated.ts'

const keyAndToken = async (): Promise<{ jwk: JWK; token: string }> => {
  const pair = await generateKeyPair('RS512', { extractable: true })
  const token = await new SignJWT({ preferred_username: 'alice' })
    .setProtectedHeader({ alg: 'RS512' })
    .setExpirationTime('1h')
    .sign(pair.privateKey)
  return { jwk: await exportJWK(pair.publicKey), token }
}

let now: number
let directory: string
let server: Server | undefined

beforeEach(async () => {
  now = Date.now()
  directory = await mkdtemp(path.join(tmpdir(), 'jwks-'))
})

afterEach(async () => {
  await rm(directory, { recursive: true })
  server?.close()
  server = undefined
})

const verifier = (jwks: string) => createJwtVerifier(gatewayOptions.parse({ jwt: { jwks } }).jwt, () => now)

const failure = (work: Promise<unknown>) =>
  work.then(
    () => undefined,
    (thrown: unknown) => thrown,
  )

describe('a key set in a file', () => {
  it('is read again after a minute, so that keys can be replaced', async () => {
    const [old, fresh] = [await keyAndToken(), await keyAndToken()]
    const file = path.join(directory, 'jwks.json')
    await writeFile(file, JSON.stringify({ keys: [old.jwk] }))
    const verify = verifier(file)
    expect(await verify(old.token)).toMatchObject({ preferred_username: 'alice' })
    await writeFile(file, JSON.stringify({ keys: [fresh.jwk] }))
    expect(await failure(verify(fresh.token))).toBeInstanceOf(Unauthenticated)
    now += 61_000
    expect(await verify(fresh.token)).toMatchObject({ preferred_username: 'alice' })
  })

  it('that is missing or no key set is our trouble, not the caller’s', async () => {
    const { token } = await keyAndToken()
    expect(
      isMeshError(
        await failure(verifier(path.join(directory, 'none.json'))(token)),
        'MESH_IDENTITY_UNAVAILABLE',
      ),
    ).toBe(true)
    await writeFile(path.join(directory, 'bad.json'), '{"keys":')
    expect(
      isMeshError(
        await failure(verifier(path.join(directory, 'bad.json'))(token)),
        'MESH_IDENTITY_UNAVAILABLE',
      ),
    ).toBe(true)
  })
})

describe('a key set behind a URL', () => {
  const open = async (answer: () => { status: number; body: string }) => {
    const asked = { times: 0 }
    server = createServer((_request, response) => {
      asked.times += 1
      const { status, body } = answer()
      response.writeHead(status, { 'content-type': 'application/json' }).end(body)
    })
    await new Promise<void>((resolve) => server?.listen(0, '127.0.0.1', resolve))
    return { asked, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/jwks` }
  }

  it('is fetched once and kept', async () => {
    const { jwk, token } = await keyAndToken()
    const { asked, url } = await open(() => ({ status: 200, body: JSON.stringify({ keys: [jwk] }) }))
    const verify = verifier(url)
    await verify(token)
    await verify(token)
    expect(asked.times).toBe(1)
  })

  it('that fails is a 503 for the caller and not a 401', async () => {
    const { token } = await keyAndToken()
    const { url } = await open(() => ({ status: 500, body: '' }))
    expect(isMeshError(await failure(verifier(url)(token)), 'MESH_IDENTITY_UNAVAILABLE')).toBe(true)
  })
})
