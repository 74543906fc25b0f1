import {
  CONTRACTS,
  type CloudEvent,
  type EventContract,
  STRUCTURED_CONTENT_TYPE,
  defineEvent,
  orderSubmitted,
  sampleEventOf,
  toHttpBinary,
  toStructured,
} from '@commerce-mesh/contracts'
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { MeshError } from '@commerce-mesh/mesh'
import { z } from 'zod'
import { signDemoJwt } from '../auth/demo-jwt.ts'
import { type Fixture, openFixture } from './edge-fixture.ts'
import { head, sendRaw } from './http-exchange.ts'

const SECRET = 'a-shared-secret-of-the-lms'
/** Name of the key with scope `events:write`, as the fixture makes it. */
const CALLER = 'events-write'

/** A vendor's own contract, whose key may be anything. */
const seatReserved = defineEvent({
  name: 'seat.reserved',
  version: 1,
  owner: 'seats',
  summary: 'A seat is held.',
  key: ({ seat }) => seat,
  data: z.strictObject({ seat: z.string(), tree: z.unknown().optional() }),
})

const contracts = new Map<string, EventContract>(
  [...CONTRACTS, seatReserved as unknown as EventContract].map((contract) => [contract.type, contract]),
)
const grants = new Map([[`/${CALLER}`, new Set([orderSubmitted.type, seatReserved.type])]])

let gateway: Fixture

beforeEach(async () => {
  gateway = await openFixture({ jwt: { secret: SECRET } }, undefined, { contracts, grants })
})

afterEach(() => gateway.close())

const SAMPLE = sampleEventOf(orderSubmitted, { id: 'shop-7', source: `/${CALLER}` })
const EVENT = { ...SAMPLE, data: { ...SAMPLE.data, submittedBy: CALLER } }

const authorization = () => `Bearer ${gateway.key('events:write')}`

const send = async (body: string | Uint8Array, headers: Record<string, string> = {}) => {
  const response = await fetch(`${gateway.url}/v1/events`, {
    method: 'POST',
    headers: { authorization: authorization(), ...headers },
    body,
  })
  return {
    status: response.status,
    headers: response.headers,
    body: (await response.json()) as Record<string, unknown>,
  }
}

const STRUCTURED = { 'content-type': STRUCTURED_CONTENT_TYPE }

const structured = (event: object) => send(JSON.stringify(event), STRUCTURED)

const sendStructured = (event: CloudEvent<unknown> = EVENT) => send(toStructured(event), STRUCTURED)

const sendBinary = (event: CloudEvent<unknown> = EVENT) => {
  const { headers, body } = toHttpBinary(event)
  return send(body, headers)
}

const plain = (more: object = {}) => ({
  specversion: '1.0',
  id: 's-1',
  source: `/${CALLER}`,
  type: seatReserved.type,
  data: { seat: 'A-1' },
  ...more,
})

const refusal = (status: number, code: string, ...errors: { path: string; message: unknown }[]) => ({
  status,
  body: expect.objectContaining({ status, code, errors }),
})

describe('POST /v1/events', () => {
  it.each([
    ['structured', sendStructured],
    ['binary', sendBinary],
  ])('makes an event in %s mode durable under its own id and source, then answers 202', async (_mode, by) => {
    expect(await by()).toMatchObject({
      status: 202,
      body: { eventId: 'shop-7', type: 'order.submitted.v1', key: EVENT.data.orderNumber },
    })
    expect(gateway.published).toEqual([
      {
        type: 'order.submitted.v1',
        data: EVENT.data,
        id: 'shop-7',
        source: `/${CALLER}`,
        traceparent: expect.any(String),
      },
    ])
  })

  it('answers only after the event is durable, and counts it', async () => {
    const disk = Promise.withResolvers<void>()
    const reached = Promise.withResolvers<void>()
    gateway.onPublish = () => {
      reached.resolve()
      return disk.promise
    }
    let answered = false
    const answer = sendStructured().then((one) => {
      answered = true
      return one
    })
    await reached.promise
    await (await fetch(`${gateway.url}/healthz`)).text()
    expect(answered).toBe(false)
    disk.resolve()
    expect((await answer).status).toBe(202)
    expect(await gateway.context.metrics.text()).toContain(
      'mesh_accepted_total{type="order.submitted.v1",channel="events"} 1',
    )
  })

  it('answers 503 with Retry-After while the bus is down', async () => {
    gateway.onPublish = () => Promise.reject(new MeshError('MESH_BUS_UNAVAILABLE', 'the disk is full'))
    const { status, headers, body } = await sendStructured()
    expect([status, headers.get('retry-after'), body['code']]).toEqual([503, '5', 'MESH_BUS_UNAVAILABLE'])
  })

  it('publishes what is sent again under the same id: readers drop it', async () => {
    await sendStructured()
    await sendBinary()
    expect(gateway.published.map(({ id }) => id)).toEqual(['shop-7', 'shop-7'])
  })

  it('keeps the caller’s trace', async () => {
    const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01'
    const { headers } = await send(toStructured(EVENT), { ...STRUCTURED, traceparent })
    expect(headers.get('x-trace-id')).toBe('0af7651916cd43dd8448eb211c80319c')
    expect(gateway.published[0]?.traceparent).toBe(traceparent)
  })

  it('reads data in Base64, and a key beyond ASCII', async () => {
    const data_base64 = Buffer.from('{"seat":"Reihe 7 – Ü"}').toString('base64')
    const { data: _data, ...rest } = plain({ data_base64, datacontenttype: 'application/json' })
    expect(await structured(rest)).toMatchObject({ status: 202, body: { key: 'Reihe 7 – Ü' } })
  })
})

describe('who may publish', () => {
  it('is whoever `producers` names; the refusal says what to add', async () => {
    const open = await openFixture({}, undefined, { contracts, grants: new Map() })
    const response = await fetch(`${open.url}/v1/events`, {
      method: 'POST',
      headers: { authorization: `Bearer ${open.key('events:write')}`, ...STRUCTURED },
      body: toStructured(EVENT),
    })
    const problem = (await response.json()) as { code: string; detail: string }
    expect([response.status, problem.code]).toEqual([403, 'MESH_FORBIDDEN'])
    expect(problem.detail).toContain('{ source: /events-write, emits: [order.submitted.v1] }')
    expect(open.published).toEqual([])
    await open.close()
  })

  it('is not whoever has a right to another type, or to another version', async () => {
    const order = sampleEventOf(orderSubmitted, { source: `/${CALLER}` })
    expect(await sendStructured({ ...order, type: 'order.placed.v1' })).toMatchObject({
      status: 403,
      body: { code: 'MESH_FORBIDDEN' },
    })
    expect(await sendStructured({ ...order, type: 'order.submitted.v2' })).toEqual(
      expect.objectContaining(
        refusal(422, 'MESH_EVENT_CONTRACT', {
          path: 'type',
          message: 'order.submitted.v2 is not known; there are v1',
        }),
      ),
    )
  })

  it.each([
    ['the owner of the contract', '/commerce-mesh/gateway'],
    ['another caller', '/example-shop'],
    ['a path below its own name', `/${CALLER}/till-2`],
    ['the same in an absolute form', `https://mesh/${CALLER}`],
  ])('is not a caller who passes for %s', async (_who, source) => {
    for (const by of [sendStructured, sendBinary])
      expect(await by({ ...EVENT, source })).toEqual(
        expect.objectContaining(
          refusal(422, 'MESH_EVENT_CONTRACT', {
            path: 'source',
            message: `must be /${CALLER}: a caller publishes under its own name only`,
          }),
        ),
      )
    expect(gateway.published).toEqual([])
  })

  it('is nobody who hands in an order for another caller, who could read its status', async () => {
    const event = { ...EVENT, data: { ...EVENT.data, submittedBy: 'example-shop' } }
    for (const by of [sendStructured, sendBinary])
      expect(await by(event)).toEqual(
        expect.objectContaining(
          refusal(422, 'MESH_EVENT_CONTRACT', {
            path: 'data.submittedBy',
            message: `must be ${CALLER}: a caller hands in orders under its own name only`,
          }),
        ),
      )
    expect(gateway.published).toEqual([])
  })

  it('is no key without the scope, and no user of the LMS, not even staff', async () => {
    const token = await signDemoJwt(
      SECRET,
      { username: 'worker', lmsUserId: 9, staff: true },
      { now: gateway.time },
    )
    for (const credentials of [`Bearer ${gateway.key('orders:write', 'orders:read')}`, `JWT ${token}`]) {
      const { status, body } = await send(toStructured(EVENT), { ...STRUCTURED, authorization: credentials })
      expect([status, body['code'], body['detail']]).toEqual([
        403,
        'MESH_FORBIDDEN',
        expect.stringContaining("'events:write'"),
      ])
    }
    expect((await send('{}', { ...STRUCTURED, authorization: 'Bearer mesh_unknown' })).status).toBe(401)
  })
})

describe('an event that breaks rules', () => {
  it('is 422 with everything that is wrong, of envelope, source and data alike', async () => {
    const { orderNumber: _gone, ...data } = EVENT.data
    const event = { ...EVENT, source: '/other', specversion: '0.3', data: { ...data, total: 1.5, note: 'x' } }
    const { extensions: _none, ...members } = event
    const answer = await structured(members)
    expect(answer).toMatchObject({ status: 422, body: { code: 'MESH_EVENT_CONTRACT' } })
    expect(answer.body['errors']).toEqual(
      expect.arrayContaining([
        { path: 'specversion', message: 'must be 1.0' },
        { path: 'source', message: `must be /${CALLER}: a caller publishes under its own name only` },
        { path: 'data.orderNumber', message: 'is missing' },
        { path: 'data.total', message: 'must be an integer' },
        { path: 'data.note', message: 'is not a field of the contract' },
      ]),
    )
    const { headers } = toHttpBinary(EVENT)
    const binary = await send(JSON.stringify(event.data), { ...headers, 'ce-specversion': '0.3' })
    expect(binary.body['errors']).toEqual(
      expect.arrayContaining([
        { path: 'specversion', message: 'must be 1.0' },
        { path: 'data.total', message: 'must be an integer' },
      ]),
    )
    expect(gateway.published).toEqual([])
  })

  it.each<[string, object, { path: string; message: unknown }]>([
    ['no id', { id: undefined }, { path: 'id', message: 'is missing' }],
    ['an empty id', { id: '' }, { path: 'id', message: 'must not be empty' }],
    ['an id with a control character', { id: 'a\u0000b' }, { path: 'id', message: expect.any(String) }],
    ['no type', { type: undefined }, { path: 'type', message: 'is missing' }],
    ['a subject of another kind', { subject: 7 }, { path: 'subject', message: 'must be text' }],
    [
      'a type of a prototype',
      { type: '__proto__' },
      { path: 'type', message: 'is not known: there is no contract for it' },
    ],
    ['an endless id', { id: 'x'.repeat(5_000) }, { path: 'id', message: expect.any(String) }],
    ['no data', { data: undefined }, { path: 'data', message: 'is missing' }],
    ['data in text', { data: '{"seat":"A-1"}' }, { path: 'data', message: 'must be an object' }],
    ['an empty key', { data: { seat: '' } }, { path: 'data', message: 'has an empty record key' }],
  ])('is 422: %s', async (_what, more, error) => {
    expect(await structured(plain(more))).toEqual(
      expect.objectContaining(refusal(422, 'MESH_EVENT_CONTRACT', error)),
    )
    expect(gateway.published).toEqual([])
  })

  it.each([
    ['half an object', '{"specversion":', 'event'],
    ['no object', '[]', 'event'],
    ['nothing', '', 'event'],
    ['no event', '{}', 'event'],
    [
      'an attribute twice',
      JSON.stringify(plain()).replace('"id"', '"source":"/commerce-mesh/gateway","id"'),
      'event',
    ],
    ['a field of the data twice', JSON.stringify(plain()).replace('"seat"', '"seat":"B","seat"'), 'event'],
    [
      'data nested too deep',
      JSON.stringify(plain()).replace('"A-1"', '['.repeat(40) + ']'.repeat(40)),
      'event',
    ],
    ['bytes that are no UTF-8', Buffer.from('7b22ff223a317d', 'hex'), 'event'],
    ['a byte order mark', `\ufeff${JSON.stringify(plain())}`, 'event'],
    ['no Base64', JSON.stringify(plain({ data: undefined, data_base64: '?' })), 'data_base64'],
    [
      'a key twice within Base64',
      JSON.stringify(
        plain({
          data: undefined,
          datacontenttype: 'application/json',
          data_base64: Buffer.from('{"seat":"A","seat":"B"}').toString('base64'),
        }),
      ),
      'data_base64',
    ],
  ])('is 400 where it can’t be decoded: %s', async (_what, body, path) => {
    expect(await send(body, STRUCTURED)).toEqual(
      expect.objectContaining(refusal(400, 'MESH_EVENT_POISON', { path, message: expect.any(String) })),
    )
    expect(gateway.published).toEqual([])
  })

  it('is 400 in binary mode: data that is no JSON, attributes missing altogether', async () => {
    const { headers } = toHttpBinary(EVENT)
    for (const body of ['{"orderNumber":', '{"total":1,"total":2}', '['.repeat(40)])
      expect(await send(body, headers)).toMatchObject({
        status: 400,
        body: { code: 'MESH_EVENT_POISON', errors: [{ path: 'data' }] },
      })
    expect(await send('{}', { 'content-type': 'application/json' })).toMatchObject({
      status: 400,
      body: { code: 'MESH_EVENT_POISON', errors: [{ path: 'event' }] },
    })
  })

  it('is 422 where an attribute comes in two lines: which of them is meant?', async () => {
    const body = JSON.stringify(EVENT.data)
    const { headers } = toHttpBinary(EVENT)
    const all = { Authorization: authorization(), ...headers, 'content-length': Buffer.byteLength(body) }
    const twice = head('POST /v1/events', { ...all, Connection: 'close' }).replace(
      '\r\n\r\n',
      '\r\nce-id: another\r\n\r\n',
    )
    const { status, text } = await sendRaw(gateway.url, [twice, body])
    expect(status).toBe(422)
    expect(text).toContain('must not be sent more than once')
  })

  it.each([
    [{ 'content-type': 'application/cloudevents-batch+json' }],
    [{ 'content-type': 'application/cloudevents+avro' }],
    [{ 'content-type': 'text/plain' }],
    [{ 'content-type': 'application/cloudevents+json; charset=iso-8859-1' }],
    [{ ...STRUCTURED, 'content-encoding': 'gzip' }],
  ])('is 415 as %j', async (headers) => {
    expect(await send(toStructured(EVENT), headers)).toMatchObject({
      status: 415,
      body: { code: 'MESH_MEDIA_TYPE' },
    })
  })

  it('is 413 where the body is larger than the gateway takes', async () => {
    const body = JSON.stringify(plain({ data: { seat: 'A', tree: 'x'.repeat(300_000) } }))
    expect(await send(body, STRUCTURED)).toMatchObject({
      status: 413,
      body: { code: 'MESH_REQUEST_TOO_LARGE' },
    })
  })

  it('shows none of its values, in the answer or in the log', async () => {
    const marked = { ...EVENT, data: { ...EVENT.data, learner: { username: 4, email: 'alice@here@there' } } }
    const { body } = await sendStructured(marked as CloudEvent<unknown>)
    gateway.onPublish = () => Promise.reject(new TypeError('alice@here'))
    expect((await sendStructured()).status).toBe(500)
    expect(JSON.stringify([body, gateway.logged])).not.toContain('alice')
  })
})
