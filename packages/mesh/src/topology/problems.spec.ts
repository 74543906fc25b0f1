import { type EventContract, defineEvent, deadLetterRecorded, hopRecorded } from '@commerce-mesh/contracts'
import { describe, expect, it } from '@jest/globals'
import { z } from 'zod'
import { postedV1, postedV2, route, serviceOf, stamped, takes } from '../routes/letter.fixture.ts'
import type { Service } from '../service/service.ts'
import { type Source, defineSource } from '../source/source.ts'
import type { DeclaredMesh, Wiring } from './declared-mesh.ts'
import { emittersOf, topologyProblems } from './problems.ts'

/** Nobody emits it. */
const lost = defineEvent({
  name: 'letter.lost',
  version: 1,
  owner: 'post',
  summary: 'A letter was lost.',
  key: ({ id }) => id,
  data: z.strictObject({ id: z.string() }),
})

const plain = (contract: object) => contract as EventContract

const post = serviceOf('post', [], { emits: [plain(postedV1), plain(postedV2)] })
const stamps = serviceOf('stamps', [takes(postedV2, 'stamp', { emits: [plain(stamped)] })], {
  emits: [plain(stamped)],
})
const board = serviceOf('board', [takes(stamped, 'show')], { journaled: false })

const hook = (emits: readonly EventContract[]): Source<never> =>
  defineSource({
    name: 'courier',
    emits,
    options: z.strictObject({}),
    secrets: () => ['s'],
    verify: () => true,
    read: () => ({ ignored: 'all' }),
  }) as unknown as Source<never>

const NOTHING: Wiring = { routes: [], producers: [], consumers: [] }

const found = (
  services: readonly Service[],
  { routes = [], producers = [], consumers = [], ...mesh }: Partial<Wiring & DeclaredMesh> = {},
) =>
  topologyProblems(
    { services, contracts: [], sources: [], ...mesh },
    { ...NOTHING, routes, producers, consumers },
  ).map(({ code, severity = 'error', path, message }) => `${severity} ${code} ${path.join('.')}: ${message}`)

describe('who emits and who reads', () => {
  it('is right where every event has both', () => expect(found([post, stamps, board])).toEqual([]))

  it('may have its ends outside', () => {
    const outside = {
      producers: [{ source: '/courier', emits: [postedV2.type] }],
      consumers: [{ name: 'archive', reads: [stamped.type, hopRecorded.type] }],
    }
    expect(found([stamps])).not.toEqual([])
    expect(found([stamps], { ...outside, contracts: [plain(hopRecorded)] })).toEqual([])
  })

  it('may begin at a webhook', () => {
    const sources = [{ source: hook([plain(postedV2)]), path: ['sources', 'courier'] }]
    expect(found([stamps, board], { sources })).toEqual([])
    expect(emittersOf({ services: [post], contracts: [], sources }, { producers: [] })).toEqual(
      new Map([
        [postedV1.type, ['post']],
        [postedV2.type, ['post', 'webhook courier']],
      ]),
    )
  })
})

describe('what is wrong with who emits and who reads', () => {
  it('is an event that nobody emits', () => {
    expect(found([stamps, board])).toEqual([
      'error MESH_EVENT_UNEMITTED services.stamps: stamps/stamp waits for letter.posted.v2, which nobody emits.',
    ])
    expect(
      found([post, stamps, board], {
        contracts: [plain(lost)],
        consumers: [{ name: 'archive', reads: [lost.type] }],
      }),
    ).toEqual([
      'error MESH_EVENT_UNEMITTED consumers.0.reads.0: archive reads letter.lost.v1, which nobody emits.',
    ])
  })

  it('is not a handler that is switched off: it waits for nothing', () =>
    expect(
      found([stamps, board], {
        routes: [postedV1, postedV2].map((event) => route(event, 'stamps', { enabled: false })),
      }),
    ).toEqual([]))

  it('is an event that nobody reads, or that every route keeps off', () => {
    const unread =
      'warning MESH_EVENT_UNREAD services.stamps: letter.stamped.v1 is emitted by stamps and read by nobody.'
    expect(found([post, stamps])).toEqual([unread])
    expect(
      found([post, stamps, serviceOf('shelf', [takes(stamped, 'file')])], {
        routes: [route(stamped, 'shelf', { enabled: false })],
      }),
    ).toEqual([unread])
  })

  it('is a version that is not emitted any more, or not yet', () => {
    const v2only = serviceOf('post', [], { emits: [plain(postedV2)] })
    const v1only = serviceOf('post', [], { emits: [plain(postedV1)] })
    const old = serviceOf('old', [takes(postedV1, 'read')])
    const strict = serviceOf('strict', [
      takes(defineEvent({ ...postedV2, upcast: undefined } as never), 'read'),
    ])
    expect(found([v2only, old])).toEqual([
      'error MESH_EVENT_VERSION_GONE services.old: old/read reads letter.posted.v1; post emits letter.posted.v2 only.',
      'warning MESH_EVENT_UNREAD services.post: letter.posted.v2 is emitted by post and read by nobody.',
    ])
    expect(found([v1only, strict])[0]).toBe(
      'error MESH_EVENT_VERSION_GONE services.strict: strict/read reads letter.posted.v2; post emits letter.posted.v1 only.',
    )
    expect(found([v1only, stamps, board])).toEqual([])
  })

  it('is an older version that somebody still reads', () =>
    expect(found([post, stamps, board, serviceOf('old', [takes(postedV1, 'read')])])).toEqual([
      'warning MESH_EVENT_VERSION_OLD services.old: old/read still reads letter.posted.v1, which post emits as letter.posted.v2 too.',
    ]))

  it('is an event of another owner', () =>
    expect(found([post, stamps, board, serviceOf('forger', [], { emits: [plain(stamped)] })])).toEqual([
      'error MESH_EVENT_OWNER services.forger: forger emits letter.stamped.v1, which belongs to stamps.',
    ]))

  it.each<[string, (data: never) => string, z.ZodType, string | undefined]>([
    [
      'a field that every event has',
      ({ id }: { id: string }) => id,
      z.strictObject({ id: z.string() }),
      undefined,
    ],
    [
      'a part of a section',
      ({ a }: { a: { b: number } }) => `${a.b}`,
      z.strictObject({ a: z.strictObject({ b: z.int() }) }),
      undefined,
    ],
    [
      'a method of a field',
      ({ id }: { id: string }) => id.toUpperCase(),
      z.strictObject({ id: z.string() }),
      undefined,
    ],
    [
      'no field',
      () => 'all',
      z.strictObject({ id: z.string() }),
      'the key of letter.lost.v1 is made of no field.',
    ],
    [
      'a field that may be missing',
      ({ id }: { id: string }) => id,
      z.strictObject({ id: z.string().optional() }),
      'the key of letter.lost.v1 is made of id, which may be missing or null.',
    ],
    [
      'a field that may be null',
      ({ id }: { id: string }) => id,
      z.strictObject({ id: z.string().nullable() }),
      'the key of letter.lost.v1 is made of id, which may be missing or null.',
    ],
    [
      'a section that may be missing',
      ({ a }: { a: { b: string } }) => a.b,
      z.strictObject({ a: z.strictObject({ b: z.string() }).optional() }),
      'the key of letter.lost.v1 is made of a.b, which may be missing or null.',
    ],
  ])('is or is not a key made of %s', (_name, key, data, message) => {
    const contract = defineEvent({
      name: 'letter.lost',
      version: 1,
      owner: 'post',
      summary: 'Lost.',
      key: key as never,
      data,
    })
    expect(found([], { contracts: [contract] })).toEqual(
      message === undefined ? [] : [`error MESH_EVENT_KEY services.post: ${message}`],
    )
  })

  it('is two contracts of one event', () => {
    const other = plain(
      defineEvent({ ...stamped, data: z.strictObject({ id: z.string(), worth: z.int() }) } as never),
    )
    const same = plain(defineEvent({ ...stamped, data: z.strictObject({ id: z.string() }) } as never))
    const reader = (contract: EventContract) =>
      serviceOf('shelf', [
        takes(contract, 'file'),
        takes(contract, 'again', { when: { field: 'id', equals: '1' } }),
      ])
    expect(found([post, stamps, reader(same)])).toEqual([])
    expect(found([post, stamps, reader(other)])).toEqual([
      'error MESH_EVENT_CONTRACT_CLASH services.shelf: shelf has a contract of letter.stamped.v1 that differs from that of the others.',
    ])
    expect(
      found([post, stamps, board], { sources: [{ source: hook([other]), path: ['sources', 'courier'] }] }),
    ).toEqual([
      'error MESH_EVENT_CONTRACT_CLASH sources.courier: the webhook courier has a contract of letter.stamped.v1 that differs from that of the others.',
    ])
  })

  it('is a circle', () => {
    const echo = serviceOf('stamps', [takes(stamped, 'again', { emits: [plain(stamped)] })], {
      emits: [plain(stamped)],
    })
    expect(found([echo])).toEqual([
      'error MESH_EVENT_CYCLE services.stamps: letter.stamped.v1 -> stamps/again -> letter.stamped.v1.',
    ])
  })

  it('is an event of somebody outside that there is no contract for', () =>
    expect(
      found([post, stamps, board], {
        producers: [{ source: '/a', emits: [postedV1.type, 'letter.postd.v1'] }],
        consumers: [{ name: 'b', reads: ['letter.stamped.v4'] }],
      }),
    ).toEqual([
      "error MESH_OUTSIDE_EVENT_UNKNOWN producers.0.emits.1: there is no event 'letter.postd.v1'.",
      "error MESH_OUTSIDE_EVENT_UNKNOWN consumers.0.reads.0: there is no version 'letter.stamped.v4' of this event.",
    ]))

  it('is nothing about the mesh’s own bookkeeping', () =>
    expect(
      found([
        post,
        stamps,
        board,
        serviceOf('watch', [takes(hopRecorded, 'hop'), takes(deadLetterRecorded, 'dead')]),
      ]),
    ).toEqual([]))
})
