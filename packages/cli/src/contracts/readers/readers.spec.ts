import { defineEvent, sampleEventOf, upcastFrom } from '@commerce-mesh/contracts'
import { defineService, done, handles, on } from '@commerce-mesh/mesh'
import { describe, expect, it } from '@jest/globals'
import { z } from 'zod'
import { readersOf } from './readers.ts'
import { watchData } from './watched-data.ts'

const DATA = {
  order: 'O-1',
  learner: { email: 'a@b.example', name: 'A' },
  lines: [{ id: '1', price: 5 }],
  paid: true,
}

describe('watched data', () => {
  it.each<[string, (data: typeof DATA) => unknown, string[]]>([
    ['a field', ({ order }) => order, ['order']],
    ['a field of a section', ({ learner }) => learner.email, ['learner.email']],
    ['items of a list', ({ lines }) => lines.map(({ price }) => price), ['lines.*.price']],
    ['a section that is copied', ({ learner }) => ({ ...learner }), ['learner.email', 'learner.name']],
    ['a section that is handed on', ({ learner }) => [learner], ['learner']],
    [
      'everything',
      (data) => JSON.stringify(data),
      ['learner.email', 'learner.name', 'lines.*.id', 'lines.*.price', 'order', 'paid'],
    ],
    ['nothing', () => undefined, []],
    ['whether there is something', (data) => Object.hasOwn(data, 'paid'), ['paid']],
  ])('notes the reading of %s', (_what, read, paths) => {
    const watched = watchData(DATA)
    read(watched.data as typeof DATA)
    expect(watched.readPaths()).toEqual(paths)
  })
})

const placed = defineEvent({
  name: 'thing.placed',
  version: 1,
  owner: 'shop',
  summary: 'A thing was placed.',
  key: ({ order }) => order,
  data: z.strictObject({ order: z.string().min(1), size: z.string(), color: z.string() }),
  examples: [{ order: 'O-1', size: 'm', color: 'red' }],
})
const placedTwo = defineEvent({
  name: placed.name,
  version: 2,
  owner: 'shop',
  summary: placed.summary,
  key: ({ order }) => order,
  data: z.strictObject({ order: z.string().min(1), size: z.string() }),
  examples: [{ order: 'O-1', size: 'm' }],
  upcast: upcastFrom(placed, ({ order, size }) => ({ order, size })),
})

const serviceOf = (name: string, handler: ReturnType<typeof handles>) =>
  defineService<object, object>({
    name,
    options: z.strictObject({}),
    handlers: [handler],
    emits: [],
    initialState: () => ({}),
    concurrency: 1,
  })

const stored = (contract: { type: string }) =>
  contract.type === placed.type ? [sampleEventOf(placed)] : [sampleEventOf(placedTwo)]

describe('readersOf', () => {
  it('takes what handlers declare, watches those that are pure, and knows nothing of the others', async () => {
    const services = [
      serviceOf('declared', handles(placed, 'a', { reads: ['size'] })),
      serviceOf(
        'pure',
        on(placed, 'b', ({ data }, state: object) => done({ ...state, c: data.color }), { pure: true }),
      ),
      serviceOf(
        'closed',
        on(placed, 'c', (_event, state: object) => done(state)),
      ),
      serviceOf('newer', handles(placedTwo, 'd', { reads: [] })),
    ]
    const when = { field: 'size', equals: 'm' }
    const wiring = {
      routes: [{ event: placed.type, to: 'closed/c', when, enabled: true, where: 'mesh.yaml:3' }],
      consumers: [{ name: 'crm', reads: [placed.type] }],
    }
    expect(await readersOf(services, wiring, stored)).toEqual([
      {
        service: 'declared',
        handler: 'a',
        type: placed.type,
        reads: ['size'],
        routes: [{ where: 'default', fields: [] }],
      },
      {
        service: 'pure',
        handler: 'b',
        type: placed.type,
        reads: ['color'],
        routes: [{ where: 'default', fields: [] }],
      },
      {
        service: 'closed',
        handler: 'c',
        type: placed.type,
        reads: 'unknown',
        routes: [{ where: 'mesh.yaml:3', fields: ['size'] }],
      },
      {
        service: 'newer',
        handler: 'd',
        type: placedTwo.type,
        reads: [],
        routes: [
          { where: 'default', fields: [] },
          { where: 'default', fields: [] },
        ],
      },
      { service: 'crm', type: placed.type, reads: 'unknown', routes: [] },
    ])
  })

  it('knows nothing of a pure handler that breaks, or of which no event is stored', async () => {
    const breaking = on(
      placed,
      'b',
      () => {
        throw new Error('no')
      },
      { pure: true },
    )
    const services = [serviceOf('pure', breaking)]
    const wiring = { routes: [], consumers: [] }
    expect(await readersOf(services, wiring, stored)).toMatchObject([{ reads: 'unknown' }])
    const sound = [
      serviceOf(
        'pure',
        on(placed, 'b', (_event, state: object) => done(state), { pure: true }),
      ),
    ]
    expect(await readersOf(sound, wiring, () => [])).toMatchObject([{ reads: 'unknown' }])
  })
})
