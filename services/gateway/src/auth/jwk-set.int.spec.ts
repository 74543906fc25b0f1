import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { type Server, createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { isMeshError } from '@commerce-mesh/mesh'
import { type JWK, SignJWT, exportJWK, generateKeyPair } from 'jose'
import { gatewayOptions } from '../options.ts'
import { demandKeySource } from './jwk-set.ts'
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

  it('that does not exist or holds no set stops the start', async () => {
    const { jwk } = await keyAndToken()
    const file = path.join(directory, 'jwks.json')
    const missing = await failure(demandKeySource(file))
    expect(isMeshError(missing, 'MESH_CONFIG_INVALID') && missing.message).toMatch(
      /jwks\.json' in services\.gateway\.jwt\.jwks does not exist/,
    )
    await writeFile(file, '{"keys":')
    expect(isMeshError(await failure(demandKeySource(file)), 'MESH_CONFIG_INVALID')).toBe(true)
    await writeFile(file, JSON.stringify({ keys: [jwk] }))
    await expect(demandKeySource(file)).resolves.toBeUndefined()
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

  it('may be a JSON string that holds the set, as Open edX serves it', async () => {
    const { jwk, token } = await keyAndToken()
    const { url } = await open(() => ({ status: 200, body: JSON.stringify(JSON.stringify({ keys: [jwk] })) }))
    expect(await verifier(url)(token)).toMatchObject({ preferred_username: 'alice' })
  })

  it.each([
    ['a wrong status', 404, '', /\/jwks: it answered 404\.$/],
    ['no JSON', 200, '<html>secret', /\/jwks: it holds no JWK set\.$/],
    ['no set', 200, '"x"', /\/jwks: /],
  ])('says what came instead: %s', async (_row, status, body, why) => {
    const { token } = await keyAndToken()
    const { url } = await open(() => ({ status, body }))
    const thrown = await failure(verifier(url + '?key=pass')(token))
    const message = isMeshError(thrown, 'MESH_IDENTITY_UNAVAILABLE') ? thrown.message : ''
    expect(message).toMatch(why)
    expect(message).not.toMatch(/pass|secret/)
  })

  it.each(['http://user:pass@127.0.0.1/jwks', 'http://[/jwks'])('%s stops the start', async (url) => {
    const thrown = await failure(demandKeySource(url))
    expect(isMeshError(thrown, 'MESH_CONFIG_INVALID')).toBe(true)
    expect(String(thrown)).not.toContain('pass@')
    await expect(demandKeySource('https://lms.example.org/auth/jwks.json')).resolves.toBeUndefined()
  })

  it('names the error code where nobody answers', async () => {
    const { token } = await keyAndToken()
    const { url } = await open(() => ({ status: 200, body: '' }))
    await new Promise((resolve) => server?.close(resolve))
    const thrown = await failure(verifier(url)(token))
    expect(isMeshError(thrown) && thrown.message).toMatch(/\/jwks: ECONNREFUSED\.$/)
  })

  it('that fails is a 503 for the caller and not a 401', async () => {
    const { token } = await keyAndToken()
    const { url } = await open(() => ({ status: 500, body: '' }))
    expect(isMeshError(await failure(verifier(url)(token)), 'MESH_IDENTITY_UNAVAILABLE')).toBe(true)
  })
})
