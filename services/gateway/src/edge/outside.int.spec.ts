import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type EventContract, defineEvent } from '@commerce-mesh/contracts'
import {
  type RunningMesh,
  type StartOptions,
  defaultConfig,
  defineService,
  done,
  isMeshError,
  on,
  startMesh,
} from '@commerce-mesh/mesh'
import { eventually } from '@commerce-mesh/testing'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { z } from 'zod'
import { newApiKey } from '../auth/api-key.ts'
import { gateway } from '../service.ts'
import { seatReserved, seatSource, sign } from '../webhooks/seat-source.fixture.ts'

const SECRET = 'a-secret-of-the-seats'
const shop = newApiKey()

/** Nobody here reads it: it is known because a plugin defines it. */
const seatPainted = defineEvent({
  name: 'seat.painted',
  version: 1,
  owner: 'seats',
  summary: 'A seat has a new colour.',
  key: ({ seat }) => seat,
  data: z.strictObject({ seat: z.string() }),
})

/** A plugin's service that counts reservations of each seat. */
const seats = defineService<{ readonly count: number }, object>({
  name: 'seats',
  options: z.strictObject({}),
  handlers: [on(seatReserved, 'count', (_event, { count }: { count: number }) => done({ count: count + 1 }))],
  emits: [],
  initialState: () => ({ count: 0 }),
  concurrency: 4,
})

const data = mkdtempSync(join(tmpdir(), 'gateway-outside-'))
afterAll(() => rmSync(data, { recursive: true, force: true }))

const optionsFor = (more: Partial<StartOptions> = {}): StartOptions => ({
  config: {
    ...defaultConfig(),
    data,
    log: { level: 'silent' },
    producers: [{ source: '/example-shop', emits: [seatReserved.type, seatPainted.type] }],
    services: {
      gateway: {
        port: 0,
        callers: [{ name: 'example-shop', keyHash: shop.keyHash, scopes: ['events:write'] }],
      },
    },
  },
  // The services' states and options differ; the runtime takes them as they are.
  services: [seats, gateway] as unknown as StartOptions['services'],
  sources: [seatSource([SECRET])],
  contracts: [seatPainted as unknown as EventContract],
  ...more,
})

describe('events from outside, on a mesh that runs', () => {
  let mesh: RunningMesh
  beforeAll(async () => {
    mesh = await startMesh(optionsFor())
  })
  afterAll(() => mesh.stop())

  const publish = async (id: string, seat: string, type = seatReserved.type) => {
    const response = await fetch(`${mesh.url}/v1/events`, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${shop.key}`,
        'content-type': 'application/json',
        'ce-specversion': '1.0',
        'ce-id': id,
        'ce-source': '/example-shop',
        'ce-type': type,
      },
      body: JSON.stringify({ seat }),
    })
    return { status: response.status, body: (await response.json()) as Record<string, unknown> }
  }

  const countOf = async (seat: string) => (await mesh.readState<{ count: number }>('seats', seat))?.count

  /** Resolves when everything that was accepted has been handled. */
  const settled = () =>
    eventually(
      async () => {
        const { services } = await mesh.operations.audit()
        return services.every(({ inFlight, waiting }) => inFlight + waiting === 0)
      },
      { what: 'a mesh at rest' },
    )

  it('over HTTP reach their handler, each once', async () => {
    expect(await publish('e-1', 'A-1')).toEqual({
      status: 202,
      body: {
        eventId: 'e-1',
        knownAs: '/example-shop#seat.reserved#e-1',
        type: 'seat.reserved.v1',
        key: 'A-1',
      },
    })
    await publish('e-1', 'A-1')
    await publish('e-2', 'A-1')
    await settled()
    expect(await countOf('A-1')).toBe(2)
    expect(await mesh.operations.deadLetters({})).toEqual([])
  })

  it('over HTTP may be of a type that nobody reads yet', async () => {
    expect(await publish('e-3', 'A-1', seatPainted.type)).toMatchObject({ status: 202 })
  })

  it('over HTTP are refused where the whole event breaks a rule that the data alone does not', async () => {
    expect(await publish('e-4', 'A\u0001')).toMatchObject({
      status: 422,
      body: {
        code: 'MESH_EVENT_CONTRACT',
        errors: expect.arrayContaining([{ path: 'subject', message: expect.any(String) }]),
      },
    })
  })

  it('from a webhook reach their handler under the owner’s name', async () => {
    const body = JSON.stringify({ kind: 'reserved', id: 'n-1', seats: ['B-1', 'B-2'] })
    const headers = { 'x-seats-signature': sign(body, SECRET) }
    for (const _time of ['first', 'again'])
      expect(
        await (await fetch(`${mesh.url}/webhooks/seats`, { method: 'POST', headers, body })).json(),
      ).toEqual({ received: true, eventIds: ['n-1#0', 'n-1#1'] })
    await settled()
    expect([await countOf('B-1'), await countOf('B-2')]).toEqual([1, 1])
    expect(await mesh.operations.deadLetters({})).toEqual([])
  })
})

describe('a mesh with two sources of one name', () => {
  it('does not start', async () => {
    const starting = startMesh(
      optionsFor({ sources: [seatSource([SECRET]), seatSource(['another-secret'])] }),
    )
    const thrown: unknown = await starting.catch((one: unknown) => one)
    expect(isMeshError(thrown, 'MESH_CONFIG_INVALID')).toBe(true)
    expect(thrown).toHaveProperty('message', expect.stringMatching(/Two sources are named 'seats'/))
  })
})
