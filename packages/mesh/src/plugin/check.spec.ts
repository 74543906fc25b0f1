import { type EventContract, orderPlaced, paymentNotified } from '@commerce-mesh/contracts'
import { describe, expect, it } from '@jest/globals'
import { z } from 'zod'
import { postedV2, serviceOf, stamped, takes } from '../routes/letter.fixture.ts'
import { handles } from '../service/handler.ts'
import { defineSource } from '../source/source.ts'
import { checkPlugin } from './check.ts'
import { definePlugin } from './plugin.ts'
import { defineSink } from './sink.ts'

const plain = (contract: object) => contract as EventContract

const service = serviceOf('post-office', [takes(postedV2, 'sort', { emits: [] })])
const sourceOf = (contract: EventContract) =>
  defineSource({
    name: 'courier',
    emits: [contract],
    options: z.strictObject({}),
    secrets: () => [],
    verify: () => false,
    read: () => ({ ignored: 'all' }),
  })
const source = sourceOf({ ...plain(postedV2), owner: 'post-office' })

const faultsOf = (plugin: unknown) =>
  checkPlugin({ default: plugin }).faults.map(({ code, message }) => `${code} ${message}`)

const plugin = (more: object = {}) => ({ name: 'post-office', runtime: '0.1', services: [service], ...more })

describe('a plugin that is right', () => {
  it.each<[string, object]>([
    ['of services', plugin()],
    ['of a service that begins with its name', plugin({ name: 'post' })],
    ['of sources alone', { name: 'post-office', runtime: '0.1', sources: [source] }],
    ['of a source that speaks for the gateway', plugin({ sources: [sourceOf(plain(paymentNotified))] })],
    ['of contracts alone', { name: 'couriers', runtime: '0.1.0', contracts: [stamped] }],
    ['of a contract that a source emits', plugin({ contracts: [postedV2], sources: [source] })],
    [
      'of a sink',
      {
        name: 'shelf',
        runtime: '0.1',
        services: [
          defineSink({ name: 'shelf', takes: postedV2, options: z.strictObject({}), deliver: () => {} }),
        ],
      },
    ],
    [
      'of a handler that is made at the start',
      plugin({
        services: [
          serviceOf('post-office', [handles(postedV2, 'sort', { emits: [] }) as never], {
            start: () => ({ handlers: [] }),
          }),
        ],
      }),
    ],
  ])('%s', (_name, right) => {
    const declared = definePlugin(right as never)
    expect(checkPlugin({ default: declared })).toEqual({ plugin: declared, faults: [] })
  })
})

const without = (part: string) =>
  Object.fromEntries(Object.entries(service).filter(([name]) => name !== part))
const withHandler = (handler: object) => plugin({ services: [{ ...service, handlers: [handler] }] })

describe('a plugin that is not', () => {
  it.each<[unknown, RegExp]>([
    [undefined, /^MESH_PLUGIN_EMPTY it has no default export/],
    ['text', /^MESH_PLUGIN_EMPTY it has no default export/],
    [{}, /^MESH_PLUGIN_EMPTY it brings no services, sources or contracts/],
    [plugin({ services: [] }), /^MESH_PLUGIN_EMPTY/],
    [plugin({ name: 'Post Office' }), /^MESH_PLUGIN_INVALID its name must be lower-case/],
    [plugin({ runtime: undefined }), /^MESH_PLUGIN_INVALID it must say which release .*'0\.1'/],
    [plugin({ runtime: '>=0.1' }), /^MESH_PLUGIN_INVALID it must say which release/],
    [plugin({ runtime: '9.0', name: 3, services: 'later' }), /^MESH_PLUGIN_RUNTIME it is made for mesh 9\.0/],
    [
      plugin({ sources: [sourceOf(plain(orderPlaced))] }),
      /^MESH_EVENT_OWNER its source courier emits order\.placed\.v1, which belongs to payments/,
    ],
    [plugin({ services: service }), /^MESH_PLUGIN_INVALID its services must be a list/],
    [plugin({ services: [3] }), /^MESH_PLUGIN_INVALID its service 1 is no object/],
    [plugin({ services: [without('name')] }), /its service 1: name must be lower-case/],
    [plugin({ services: [without('options')] }), /its service post-office: options must be a zod schema/],
    [
      plugin({ services: [without('emits')] }),
      /its service post-office: emits must be a list.*`\[\]` for none/,
    ],
    [
      plugin({ services: [without('initialState')] }),
      /its service post-office: initialState must be a function/,
    ],
    [plugin({ services: [without('concurrency')] }), /concurrency must be a whole number, 1 or more/],
    [plugin({ services: [{ ...service, concurrency: 0 }] }), /concurrency must be/],
    [
      plugin({ services: [{ ...service, collections: ['drawers'] }] }),
      /collections must be a list, each with a name and indexes/,
    ],
    [
      plugin({ services: [{ ...service, options: z.object({}).refine(async () => true) }] }),
      /its service post-office: options must be checked at once/,
    ],
    [
      withHandler({
        name: 'sort',
        contract: postedV2,
        options: z.object({}).transform(() => {
          throw new RangeError('no')
        }),
      }),
      /handler sort: options must be checked at once/,
    ],
    [plugin({ services: [without('consumes')] }), /make the service with defineService or defineSink/],
    [
      plugin({ services: [{ ...service, options: { safeParse: () => ({}) } }] }),
      /options must be a zod schema/,
    ],
    [withHandler({ contract: postedV2 }), /its service post-office, handler 1: name must be letters/],
    [withHandler({ name: 'a/b', contract: postedV2 }), /handler a\/b: name must be letters/],
    [withHandler({ name: 'sort' }), /its service post-office, handler sort: contract must be/],
    [withHandler({ name: 'sort', contract: postedV2, emits: 'x' }), /handler sort: emits must be a list/],
    [
      withHandler({ name: 'sort', contract: postedV2, reads: [1] }),
      /handler sort: reads must be a list of paths/,
    ],
    [
      withHandler({ name: 'sort', contract: postedV2, exhausted: true }),
      /handler sort: exhausted must be a function/,
    ],
    [
      withHandler({ name: 'sort', contract: postedV2, options: {} }),
      /handler sort: options must be a zod schema/,
    ],
    [plugin({ contracts: [{ ...postedV2, type: 'x' }] }), /its contracts must be a list/],
    [
      plugin({ contracts: [{ ...postedV2, data: { safeParse: () => ({}) } }] }),
      /its contracts must be a list/,
    ],
    [{ ...plugin({ sources: [{ ...source, name: 'Courier' }] }) }, /its source Courier: name must be/],
    [plugin({ sources: [{ ...source, verify: true }] }), /its source courier: verify must be a function/],
    [plugin({ sinks: [] }), /there is no part 'sinks' of a plugin/],
    [plugin({ source: [source] }), /there is no part 'source' of a plugin/],
  ])('%p', (broken, expected) => expect(faultsOf(broken)).toEqual([expect.stringMatching(expected)]))

  it('is told what to write instead of a misspelt part', () => {
    const fixes = checkPlugin({ default: plugin({ sinks: [], sevices: [], version: 1 }) }).faults.map(
      ({ fix }) => fix,
    )
    expect(fixes).toEqual([
      "Did you mean 'services'?",
      "Did you mean 'services'?",
      'Its parts: runtime, name, contracts, services, sources.',
    ])
  })

  it.each<[string, object, readonly string[]]>([
    [
      'two services of one name',
      plugin({ services: [service, service] }),
      ['CLASH two of its services are named post-office.'],
    ],
    [
      'two sources of one name',
      plugin({ sources: [source, source] }),
      ['CLASH two of its sources are named courier.'],
    ],
    [
      'one contract twice',
      { name: 'a', runtime: '0.1', contracts: [stamped, stamped] },
      ['CLASH it defines letter.stamped.v1 twice.'],
    ],
    [
      'a contract of ours',
      { name: 'a', runtime: '0.1', contracts: [orderPlaced] },
      ['CLASH it defines order.placed.v1, which is the mesh’s own.'],
    ],
    [
      'a service of another name',
      plugin({ name: 'posted' }),
      ['CLASH its service post-office must be named posted, or begin with posted-: dead letters name it.'],
    ],
    [
      'two handlers of one name',
      plugin({ services: [serviceOf('post-office', [takes(postedV2, 'sort'), takes(stamped, 'sort')])] }),
      ['CLASH two handlers of post-office are named sort.'],
    ],
    [
      'a handler without a function',
      plugin({ services: [serviceOf('post-office', [handles(postedV2, 'sort', { emits: [] }) as never])] }),
      ['DECLARES it declares the handler post-office/sort and never gives it a function.'],
    ],
    [
      'an event of a handler that its service does not declare',
      plugin({
        services: [serviceOf('post-office', [takes(postedV2, 'sort', { emits: [plain(stamped)] })])],
      }),
      ['DECLARES post-office/sort emits letter.stamped.v1, which its service does not declare in emits.'],
    ],
    [
      'an event of a service that no handler emits',
      plugin({
        services: [
          serviceOf('post-office', [takes(postedV2, 'sort', { emits: [] })], { emits: [plain(stamped)] }),
        ],
      }),
      ['DECLARES post-office declares that it emits letter.stamped.v1, and no handler of it does.'],
    ],
    [
      'a field that there is none of',
      plugin({
        services: [
          serviceOf('post-office', [takes(postedV2, 'sort', { emits: [], reads: ['kilograms', 'grams'] })]),
        ],
      }),
      ["DECLARES post-office/sort reads 'grams', which letter.posted.v2 does not have."],
    ],
    [
      'a contract without use',
      plugin({ contracts: [stamped] }),
      ['DECLARES it defines letter.stamped.v1, and nothing of it emits or reads that.'],
    ],
  ])('declares %s', (_name, broken, expected) =>
    expect(faultsOf(broken)).toEqual(expected.map((text) => `MESH_PLUGIN_${text}`)),
  )
})
