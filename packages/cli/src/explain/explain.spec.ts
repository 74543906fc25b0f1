import type { EventContract } from '@commerce-mesh/contracts'
import { describe, expect, it } from '@jest/globals'
import { MeshError, dead, done, emit, retry, suppressed } from '@commerce-mesh/mesh'
import type { RouteSettings } from '@commerce-mesh/mesh'
import { z } from 'zod'
import { type ExplainParts, type Explained, explainEvent } from './explain.ts'
import { decides, eventOf, partsOf, postedV1, postedV2, serviceOf, stamped } from './letter.fixture.ts'

const explained = (
  contract: object,
  data: unknown,
  parts: ExplainParts,
  source?: string,
): Promise<Explained> => explainEvent(contract as EventContract, eventOf(contract, data, source), parts)

const route = (contract: { type: string }, to: string, more: Partial<RouteSettings> = {}): RouteSettings => ({
  event: contract.type,
  to,
  enabled: true,
  where: 'mesh.yaml:3',
  ...more,
})

const stamp = decides(postedV2, 'stamp', ({ data }) =>
  done({ letters: 1 }, [emit(stamped, { id: (data as { id: string }).id })]),
)
const stamps = serviceOf('stamps', [stamp], [stamped])
const board = serviceOf('board', [decides(stamped, 'show', () => done({}))], [], { journaled: false })

const letter = { id: 'L-1', class: 'first' }

/** `service/handler verdict` of every way. */
const verdicts = ({ ways }: Explained) =>
  ways.map(({ service, handler, verdict, route: by }) => `${service}/${handler} ${verdict} (${by})`)

describe('an event explained', () => {
  it('goes its whole way, as far as handlers only decide', async () => {
    const way = await explained(postedV2, letter, partsOf([stamps, board]))
    expect(way).toEqual({
      type: 'letter.posted.v2',
      key: 'L-1',
      ways: [
        {
          service: 'stamps',
          handler: 'stamp',
          route: 'default',
          verdict: 'takes',
          decision: {
            outcome: 'done',
            events: [
              {
                type: 'letter.stamped.v1',
                key: 'L-1',
                ways: [{ service: 'board', handler: 'show', route: 'default', verdict: 'shows' }],
              },
            ],
          },
        },
      ],
    })
  })

  it('goes to the first handler of a service whose route holds, and is told of the others', async () => {
    const first = decides(postedV2, 'first', () => done({}), { when: { field: 'class', equals: 'first' } })
    const second = decides(postedV2, 'second', () => done({}))
    const off = serviceOf('shelf', [decides(postedV2, 'file', () => done({}))])
    const parts = partsOf([serviceOf('office', [first, second]), off], {
      routes: [route(postedV2, 'shelf', { enabled: false })],
    })
    expect(verdicts(await explained(postedV2, letter, parts))).toEqual([
      'shelf/file off (mesh.yaml:3)',
      'office/first takes (default when class equals first)',
      'office/second comes too late (default)',
    ])
    expect(verdicts(await explained(postedV2, { ...letter, class: 'second' }, parts)).slice(1)).toEqual([
      'office/first skips (default when class equals first)',
      'office/second takes (default)',
    ])
  })

  it('brings a handler its options, the clock and the state of a key that is new', async () => {
    const seen: unknown[] = []
    const look = decides(
      postedV2,
      'look',
      (event, state, { options, now }) => {
        seen.push(event.type, state, options, now)
        return done(state)
      },
      { options: z.strictObject({ tray: z.string() }) },
    )
    const parts = partsOf([serviceOf('office', [look])], {
      routes: [route(postedV2, 'office', { options: { tray: 'upper' } })],
    })
    await explained(postedV1, { id: 'L-1', grams: 5 }, parts)
    await explained(postedV2, letter, parts)
    expect(seen.slice(4)).toEqual(['letter.posted.v2', { letters: 0 }, { tray: 'upper' }, parts.now])
    expect(seen.slice(0, 3)).toEqual(['letter.posted.v2', { letters: 0 }, {}])
  })

  it('is held against conditions as the handler reads it', async () => {
    const first = decides(postedV2, 'first', () => done({}), { when: { field: 'class', equals: 'second' } })
    const way = await explained(postedV1, { id: 'L-1', grams: 5 }, partsOf([serviceOf('office', [first])]))
    expect(verdicts(way)).toEqual(['office/first takes (default when class equals second)'])
  })

  it('that one reader can’t read is told for that one', async () => {
    const old = serviceOf('archive', [decides(postedV1, 'file', () => done({}))])
    const way = await explained(postedV1, { id: 'L-1', grams: 0 }, partsOf([stamps, old]))
    expect(verdicts(way)).toEqual(['stamps/stamp can’t read (default)', 'archive/file takes (default)'])
    expect(way.ways[0]?.reason).toBe(
      'data can’t be read as letter.posted.v2: its upcast gives what is not valid there',
    )
  })

  it('that an upcast would give another record key is taken by no reader of that version', async () => {
    const moved = { ...postedV2, key: ({ id }: { id: string }) => `moved-${id}` }
    const office = serviceOf('office', [decides(moved, 'sort', () => done({}))])
    const { ways } = await explained(postedV1, { id: 'L-1', grams: 5 }, partsOf([office]))
    expect(ways).toMatchObject([{ verdict: 'can’t read', reason: expect.stringContaining('record key') }])
  })

  it.each<[string, () => unknown, object]>([
    ['nothing to do', () => suppressed('known'), { outcome: 'suppressed', reason: 'known', events: [] }],
    [
      'a retry',
      () => retry({ code: 'X', reason: 'down' }),
      { outcome: 'retry', code: 'X', reason: 'down', events: [] },
    ],
    [
      'a dead letter',
      () => dead({ code: 'X', reason: 'no' }),
      { outcome: 'dead', code: 'X', reason: 'no', events: [] },
    ],
    [
      'an error',
      () => JSON.parse('L-1'),
      { outcome: 'retry', code: 'MESH_HANDLER_THREW', reason: 'the handler threw SyntaxError', events: [] },
    ],
    [
      'a promise that fails',
      () => Promise.reject(new RangeError('L-1')),
      { outcome: 'retry', code: 'MESH_HANDLER_THREW', reason: 'the handler threw RangeError', events: [] },
    ],
    [
      'no outcome',
      () => ({ outcome: 'well' }),
      {
        outcome: 'retry',
        code: 'MESH_HANDLER_THREW',
        reason: 'the handler answered with nothing, or with something that is no outcome',
        events: [],
      },
    ],
    [
      'an error of the catalogue',
      () => {
        throw new MeshError('MESH_ORDER_CONFLICT', 'Two letters have this number.')
      },
      { outcome: 'dead', code: 'MESH_ORDER_CONFLICT', reason: 'Two letters have this number.', events: [] },
    ],
    [
      'an event that breaks its contract',
      () => done({}, [emit(stamped as never, { id: 1, worth: 3 } as never)]),
      {
        outcome: 'dead',
        code: 'MESH_HANDLER_OUTPUT',
        reason: expect.stringMatching(
          /^it emits a letter\.stamped\.v1 that breaks its contract: id must be .*worth/,
        ),
        events: [],
      },
    ],
    [
      'an event that its service does not declare',
      () => done({}, [emit(postedV2, { id: '1', class: 'first' })]),
      {
        outcome: 'dead',
        code: 'MESH_HANDLER_OUTPUT',
        reason: 'it emits letter.posted.v2, which stamps does not declare',
        events: [],
      },
    ],
  ])('tells what comes of %s', async (_name, decide, expected) => {
    const service = serviceOf('stamps', [decides(postedV2, 'stamp', decide)], [stamped])
    const { ways } = await explained(postedV2, letter, partsOf([service]))
    expect(ways[0]?.decision).toEqual(expected)
    expect(JSON.stringify(ways)).not.toContain('L-1')
  })

  it('tells of an event that the handler does not declare itself', async () => {
    const service = serviceOf(
      'stamps',
      [decides(postedV2, 'stamp', () => done({}, [emit(stamped, { id: '1' })]), { emits: [] })],
      [stamped],
    )
    const { ways } = await explained(postedV2, letter, partsOf([service]))
    expect(ways[0]?.decision?.reason).toBe('it emits letter.stamped.v1, which it does not declare itself')
  })

  it('runs nobody who may do more than decide, and says what may come of it', async () => {
    let called = 0
    const work = () => {
      called += 1
      return done({})
    }
    const quiet = serviceOf('quiet', [decides(postedV2, 'work', work, { pure: false, emits: [] })], [stamped])
    const loud = serviceOf('loud', [decides(postedV2, 'work', work, { pure: false })], [stamped])
    const { ways } = await explained(postedV2, letter, partsOf([quiet, loud]))
    expect(ways.map(({ mayEmit, decision }) => [mayEmit, decision])).toEqual([
      [[], undefined],
      [['letter.stamped.v1'], undefined],
    ])
    expect(called).toBe(0)
  })

  it('runs nobody for an event that its producer may not emit', async () => {
    let called = 0
    const count = decides(postedV2, 'count', () => {
      called += 1
      return done({})
    })
    const services = [serviceOf('office', [count])]
    const way = await explained(postedV2, letter, partsOf(services), '/courier')
    expect(way).toMatchObject({
      ways: [],
      refused: expect.stringContaining('/courier may not emit letter.posted.v2'),
    })
    expect(called).toBe(0)
    const grants = new Map([['/courier', new Set([postedV2.type])]])
    expect(
      (await explained(postedV2, letter, partsOf(services, { grants }), '/courier')).refused,
    ).toBeUndefined()
    expect(called).toBe(1)
  })

  it('ends where events go round in a circle', async () => {
    const again = decides(postedV2, 'again', ({ data }) => done({}, [emit(postedV2, data)]))
    const way = await explained(postedV2, letter, partsOf([serviceOf('post', [again], [postedV2])]))
    const depth = ({ ways }: Explained): number => {
      const [first] = ways
      const [next] = first?.decision?.events ?? []
      return next === undefined ? 1 : 1 + depth(next)
    }
    expect(depth(way)).toBe(8)
  })

  it('is refused where it breaks its contract', async () => {
    await expect(explained(postedV2, { id: 'L-1' }, partsOf([stamps]))).rejects.toMatchObject({
      kind: 'contract',
    })
  })

  it('nobody reads is told without ways', async () =>
    expect((await explained(stamped, { id: '1' }, partsOf([stamps]))).ways).toEqual([]))
})
