import { describe, expect, it } from '@jest/globals'
import { CATALOGUE, MeshError } from '@commerce-mesh/mesh'
import { problem } from './problem.ts'
import { invalid } from './refusal.ts'

const TRACE = '0123456789abcdef0123456789abcdef'
const read = (thrown: unknown) => {
  const { status, headers, type, body } = problem(thrown, TRACE)
  return { status, headers, type, body: JSON.parse(body) as Record<string, unknown> }
}

describe('problem', () => {
  it('writes RFC 9457 with code, trace id and the wrong fields', () => {
    expect(read(invalid('Two fields are wrong.', [{ path: 'total', message: 'too small' }]))).toEqual({
      status: 422,
      headers: {},
      type: 'application/problem+json',
      body: {
        type: 'urn:commerce-mesh:error:MESH_REQUEST_INVALID',
        title: expect.any(String),
        status: 422,
        detail: 'Two fields are wrong.',
        code: 'MESH_REQUEST_INVALID',
        traceId: TRACE,
        errors: [{ path: 'total', message: 'too small' }],
      },
    })
  })

  it.each([
    ['MESH_BUS_UNAVAILABLE', 503],
    ['MESH_STORE_UNAVAILABLE', 503],
    ['MESH_IDENTITY_UNAVAILABLE', 503],
    ['MESH_DEAD_LETTER_UNKNOWN', 404],
    ['MESH_DEAD_LETTER_CLOSED', 409],
    ['MESH_EVENT_CONTRACT', 500],
  ] as const)('answers %s with %i', (code, status) => {
    const answer = read(new MeshError(code, 'the file /var/lib/mesh is full'))
    expect(answer).toMatchObject({ status, body: { code } })
    expect(answer.headers?.['retry-after']).toBe(status === 503 ? '5' : undefined)
  })

  it.each([
    ['MESH_BUS_UNAVAILABLE', /could not be made durable/],
    ['MESH_STORE_UNAVAILABLE', /could not read or write/],
    ['MESH_IDENTITY_UNAVAILABLE', /could not read the keys/],
  ] as const)('says of %s what happened, without the inside', (code, happened) => {
    const { detail } = read(new MeshError(code, 'no route to http://10.0.0.7/secret')).body
    expect(detail).toMatch(happened)
    expect(detail).not.toContain('10.0.0.7')
    expect(detail).not.toBe(CATALOGUE[code].order)
  })

  it('tells nothing of what nobody foresaw', () => {
    const answer = read(new TypeError('alice@example.com is not a function'))
    expect(answer).toMatchObject({ status: 500, body: { code: 'MESH_INTERNAL' } })
    expect(JSON.stringify(answer)).not.toContain('alice')
  })
})
