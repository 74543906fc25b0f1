import { readFileSync } from 'node:fs'
import path from 'node:path'
import { pathToFileURL } from 'node:url'
import {
  EventFormatError,
  fromHttp,
  fromKafka,
  mayEmit,
  orderSubmitted,
  parseEvent,
} from '@commerce-mesh/contracts'
import { describe, expect, it } from '@jest/globals'

const EXAMPLES = path.resolve(import.meta.dirname, '../../../../examples')

/** The examples are plain JavaScript, as a vendor writes it: this is what they export. */
type Kafka = {
  recordOf(order: unknown): { key: string; headers: Record<string, string>; value: Uint8Array }
  topicWith(prefix?: string): string
  publish(producer: { send(what: unknown): Promise<void> }, topic: string, records: unknown): Promise<void>
}
type Event = ReturnType<typeof parseEvent>
type Answer = { status: number; body: unknown } | undefined
type Http = {
  eventOf(order: unknown): Event
  messageOf(event: Event, binary: boolean): { headers: Record<string, string>; body: Uint8Array | string }
  publish(event: Event, how: Readonly<Record<string, unknown>>): Promise<Answer>
  linesOf(answer: unknown): string[]
}

const load = async <T>(name: string): Promise<T> =>
  (await import(pathToFileURL(path.join(EXAMPLES, name, 'publish.mjs')).href)) as T

const orderOf = (name: string): Record<string, unknown> =>
  JSON.parse(readFileSync(path.join(EXAMPLES, name, 'order.json'), 'utf8')) as Record<string, unknown>

const [kafka, http] = [await load<Kafka>('vendor-kafka'), await load<Http>('vendor-http')]
const GRANTS = new Map([['/example-shop', new Set(['order.submitted.v1'])]])

describe('examples/vendor-kafka', () => {
  const order = orderOf('vendor-kafka')

  it('makes a record that the mesh takes from whom `producers` lists', () => {
    const { key, headers, value } = kafka.recordOf(order)
    const event = parseEvent(orderSubmitted, fromKafka(headers, value))
    expect(event).toMatchObject({ id: 'order-SHOP-7001', source: '/example-shop', data: order })
    expect(key).toBe(orderSubmitted.key(event.data))
    expect(event.extensions['partitionkey']).toBe(key)
    expect(mayEmit(orderSubmitted, event.source, GRANTS)).toBe(true)
    expect(mayEmit(orderSubmitted, event.source, new Map())).toBe(false)
  })

  it('refuses what breaks the contract before it is sent', () => {
    expect(() => kafka.recordOf({ ...order, total: 149.5 })).toThrow(EventFormatError)
  })

  it('waits for every replica, on the topic behind the operator’s prefix', async () => {
    const sent: unknown[] = []
    const records = [kafka.recordOf(order)]
    const send = async (what: unknown) => void sent.push(what)
    await kafka.publish({ send }, kafka.topicWith('prod.'), records)
    expect(sent).toEqual([{ topic: 'prod.order.submitted.v1', acks: -1, messages: records }])
    expect(kafka.topicWith()).toBe('order.submitted.v1')
  })
})

describe('examples/vendor-http', () => {
  const event = http.eventOf(orderOf('vendor-http'))
  const how = { url: 'http://mesh.example.org', key: 'mesh_key' }

  /** Answers one after the other; undefined stands for a connection that fails. */
  const answering = (...answers: readonly (Response | undefined)[]) => {
    const requests: Request[] = []
    const pauses: number[] = []
    const rest = [...answers]
    return {
      requests,
      pauses,
      wait: async (ms: number) => void pauses.push(ms),
      fetch: async (url: URL, init: RequestInit) => {
        requests.push(new Request(url, init))
        const next = rest.shift()
        if (next === undefined) throw new TypeError('fetch failed')
        return next
      },
    }
  }

  it.each([false, true])('makes a message that the mesh reads (binary: %j)', (binary) => {
    const { headers, body } = http.messageOf(event, binary)
    expect(parseEvent(orderSubmitted, fromHttp(headers, body))).toEqual(event)
  })

  it('sends the same again while the mesh is out of reach, busy or down, as long as it is asked to wait', async () => {
    const busy = new Response('{}', { status: 503, headers: { 'retry-after': '5' } })
    const done = Response.json({ eventId: event.id, type: event.type, key: 'SHOP-7001' }, { status: 202 })
    const mesh = answering(undefined, busy, done)
    const answer = await http.publish(event, { ...how, ...mesh })
    expect(http.linesOf(answer)).toEqual(['202 order.submitted.v1 SHOP-7001 is durable as order-SHOP-7001'])
    expect(mesh.pauses).toEqual([1_000, 5_000])
    const bodies = await Promise.all(mesh.requests.map((request) => request.text()))
    expect(new Set(bodies).size).toBe(1)
    expect(mesh.requests.map((request) => request.headers.get('authorization'))).toEqual(
      Array(3).fill('Bearer mesh_key'),
    )
  })

  it('gives up after a while, and says that nothing is lost', async () => {
    const mesh = answering()
    expect(http.linesOf(await http.publish(event, { ...how, ...mesh }))).toEqual([
      expect.stringContaining('can’t be reached'),
    ])
    expect(mesh.requests).toHaveLength(5)
  })

  it('does not send again what was refused, and shows every finding', async () => {
    const problem = {
      code: 'MESH_EVENT_CONTRACT',
      detail: 'The event breaks its contract.',
      errors: [{ path: 'data.total', message: 'must be an integer' }],
    }
    const mesh = answering(Response.json(problem, { status: 422 }))
    expect(http.linesOf(await http.publish(event, { ...how, ...mesh }))).toEqual([
      '422 MESH_EVENT_CONTRACT: The event breaks its contract.',
      '  data.total must be an integer',
    ])
    expect(mesh.requests).toHaveLength(1)
  })
})
