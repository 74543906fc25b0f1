import { describe, expect, it } from '@jest/globals'
import { answerTokenRequest } from './access-token.ts'
import { Tokens } from './tokens.ts'

const client = { clientId: 'mesh', clientSecret: 's:e', lifetimeSeconds: 3600 }
const right = { grant_type: 'client_credentials', client_id: 'mesh', client_secret: 's:e', token_type: 'jwt' }

function ask(fields: Record<string, string>, authorization?: string) {
  const tokens = new Tokens('secret')
  const answer = answerTokenRequest(
    { form: new URLSearchParams(fields), authorization, now: 5_000 },
    client,
    tokens,
  )
  const body: Record<string, unknown> = JSON.parse(answer.body)
  return { status: answer.status, body, tokens }
}

describe('answerTokenRequest', () => {
  it('issues a JWT of the staff service user, without a refresh token', () => {
    const { status, body, tokens } = ask(right)
    expect(status).toBe(200)
    expect(body).toEqual({
      access_token: expect.any(String),
      expires_in: 3600,
      token_type: 'JWT',
      scope: 'read write profile email',
    })
    expect(tokens.bearerOfJwt(String(body['access_token']))).toEqual({
      username: 'mesh_worker',
      expiresAt: 3_605_000,
    })
  })

  it('issues an opaque token where no JWT is asked for', () => {
    const { token_type: _, ...fields } = right
    const { body, tokens } = ask(fields)
    expect(body['token_type']).toBe('Bearer')
    expect(tokens.bearerOfOpaque(String(body['access_token']))?.username).toBe('mesh_worker')
  })

  it('takes the client from a Basic header', () => {
    const basic = Buffer.from('mesh:s:e').toString('base64')
    expect(ask({ grant_type: 'client_credentials' }, `Basic ${basic}`).status).toBe(200)
  })

  it.each([{ client_secret: 'wrong' }, { client_id: 'wrong' }, { client_id: '' }])(
    'refuses a bad client %j',
    (wrong) => {
      expect(ask({ ...right, ...wrong })).toMatchObject({ status: 401, body: { error: 'invalid_client' } })
    },
  )

  it('refuses another grant, and a body that is no form', () => {
    expect(ask({ ...right, grant_type: 'password' })).toMatchObject({
      status: 400,
      body: { error: 'unsupported_grant_type' },
    })
    expect(ask({ [JSON.stringify(right)]: '' }).status).toBe(400)
  })
})
