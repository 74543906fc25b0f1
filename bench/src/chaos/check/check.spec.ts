import { describe, expect, it } from '@jest/globals'
import { nthOrder } from '../../crash/storefront.ts'
import type { ChainSeen, Enrolled, History } from '../history/history.ts'
import { check, countViolations, isClean } from './check.ts'

const orderOf = (nth: number) => nthOrder(nth, { prefix: 'T', lines: 3 })
const [single, pending, lines] = [orderOf(3), orderOf(1), orderOf(2)]
const hopeless = orderOf(17)

const enrollmentsOf = (nth: number): Enrolled[] => {
  const { orderNumber, courses } = orderOf(nth)
  return courses.map((courseId) => ({ orderNumber, courseId }))
}

const chain = (more: Partial<ChainSeen> = {}): ChainSeen => ({
  chain: 'c-1',
  accepted: 3,
  unsure: false,
  counted: [1, 2, 3],
  announced: [1, 2, 3],
  ...more,
})

/** A run in which everything went well: four orders of all kinds and a chain. */
const good = (): History => ({
  accepted: [single, pending, lines, hopeless],
  unsure: [],
  enrolled: [...enrollmentsOf(3), ...enrollmentsOf(1), ...enrollmentsOf(2)],
  placed: new Map([
    ['T-3', 1],
    ['T-1', 1],
    ['T-2', 3],
    ['T-17', 1],
  ]),
  fulfilled: new Map([
    ['T-3', 1],
    ['T-1', 1],
    ['T-2', 3],
  ]),
  shown: new Map([
    ['T-3', 'fulfilled'],
    ['T-1', 'fulfilled'],
    ['T-2', 'fulfilled'],
    ['T-17', 'failed'],
  ]),
  chains: [chain()],
  refused: ['T-17'],
  unreadable: { found: 2, expected: 2 },
  underWay: [],
  charges: [],
  drift: 0,
})

const broken = (more: Partial<History>) => check({ ...good(), ...more })

/** The kinds of violations that were found. */
const kinds = (more: Partial<History>) =>
  Object.entries(countViolations(broken(more)))
    .filter(([, count]) => count > 0)
    .map(([kind]) => kind)

describe('a history without fault', () => {
  it('is clean', () => {
    expect(check(good())).toEqual({
      lost: [],
      doubled: [],
      wrong: [],
      disordered: [],
      silent: [],
      stuck: [],
      drift: 0,
    })
    expect(isClean(check(good()))).toBe(true)
  })

  it('may hold orders that nobody is sure of: not at all, in part, or whole', () => {
    const unsure = [orderOf(7), orderOf(8), orderOf(12)]
    const [first] = enrollmentsOf(7)
    const enrolled = [...good().enrolled, first as Enrolled, ...enrollmentsOf(8)]
    expect(kinds({ unsure, enrolled })).toEqual([])
  })

  it('may hold one more link than was answered, where nobody is sure', () => {
    const chains = [chain({ accepted: 2, unsure: true }), chain({ chain: 'c-2', unsure: true })]
    expect(kinds({ chains })).toEqual([])
  })
})

describe('an order', () => {
  it('is lost that the LMS never saw', () => {
    expect(broken({ enrolled: good().enrolled.slice(1) }).lost).toEqual(['T-3 course-v1:Load+T+2026'])
  })

  it('is lost in part when one of its lines is missing', () => {
    expect(broken({ enrolled: good().enrolled.slice(0, -1) }).lost).toEqual(['T-2 course-v1:Load+T-2+2026'])
  })

  it('is doubled that the LMS changed twice for, answered or not', () => {
    const [again] = enrollmentsOf(3)
    const enrolled = [...good().enrolled, again as Enrolled]
    expect(broken({ enrolled }).doubled).toEqual(['T-3 course-v1:Load+T+2026 2 times'])
    const accepted = [pending, lines, hopeless]
    expect(broken({ accepted, unsure: [single], enrolled }).doubled).toHaveLength(1)
  })

  it('is doubled that was placed or fulfilled by two different events', () => {
    expect(broken({ placed: new Map([...good().placed, ['T-1', 2]]) }).doubled).toEqual([
      'T-1 placed 2 times',
    ])
    expect(broken({ fulfilled: new Map([...good().fulfilled, ['T-2', 4]]) }).doubled).toEqual([
      'T-2 fulfilled 4 times',
    ])
  })

  it('is out of order when a later line was carried out before an earlier one', () => {
    const [one, two, three] = enrollmentsOf(2) as [Enrolled, Enrolled, Enrolled]
    const rest = good().enrolled.slice(0, 2)
    expect(broken({ enrolled: [...rest, two, one, three] }).disordered).toEqual(['T-2 lines 2,1,3'])
    // Another order in between says nothing.
    expect(kinds({ enrolled: [one, ...rest, two, three] })).toEqual([])
  })

  it('is wrong that was enrolled although the LMS does not know the learner, or elsewhere', () => {
    const enrolled = (orderNumber: string) => [
      ...good().enrolled,
      { orderNumber, courseId: 'course-v1:Load+T+2026' },
    ]
    expect(broken({ enrolled: enrolled('T-17') }).wrong).toHaveLength(1)
    expect(broken({ enrolled: enrolled('T-2') }).wrong).toHaveLength(1)
  })

  it('is wrong that is sound and became a dead letter', () => {
    expect(broken({ refused: ['T-17', 'T-1'] }).wrong).toEqual(['T-1 is a dead letter'])
  })

  it("is lost that can't be fulfilled and is no dead letter", () => {
    expect(kinds({ refused: [] })).toEqual(['lost'])
  })

  it('is silent that was carried out and not told', () => {
    expect(kinds({ fulfilled: new Map([...good().fulfilled, ['T-2', 2]]) })).toEqual(['silent'])
    expect(broken({ shown: new Map([...good().shown, ['T-1', 'paid']]) }).silent).toEqual([
      'T-1 is shown as paid',
    ])
  })
})

describe('a link', () => {
  it('is lost that was answered and never counted', () => {
    expect(broken({ chains: [chain({ counted: [1, 3] })] }).lost).toEqual(['c-1 link 2'])
  })

  it('is doubled that was counted twice, also at once', () => {
    expect(broken({ chains: [chain({ counted: [1, 2, 3, 2] })] }).doubled).toEqual(['c-1 link 2 2 times'])
    expect(kinds({ chains: [chain({ counted: [1, 1, 2, 3] })] })).toEqual(['doubled'])
  })

  it('is out of order that was counted before the one before it', () => {
    expect(broken({ chains: [chain({ counted: [2, 1, 3] })] }).disordered).toEqual(['c-1 links 2,1,3'])
  })

  it('is wrong that nobody handed in, or that became a dead letter', () => {
    const counted = [1, 2, 3, 4]
    expect(kinds({ chains: [chain({ counted, announced: counted })] })).toEqual(['wrong'])
    expect(kinds({ refused: ['T-17', 'c-1'] })).toEqual(['wrong'])
  })

  it('is silent that was counted and not told', () => {
    expect(kinds({ chains: [chain({ announced: [1, 2] })] })).toEqual(['silent'])
  })
})

describe('the whole', () => {
  it('must settle, with the fate of every record known', () => {
    expect(kinds({ underWay: ['payments: 1 outbox'] })).toEqual(['stuck'])
    expect(kinds({ drift: 2 })).toEqual(['drift'])
  })

  it('is charged with what a scenario saw', () => {
    expect(broken({ charges: ['1 order was taken without a broker'] }).wrong).toHaveLength(1)
  })

  it('sets every unreadable record aside, once', () => {
    expect(kinds({ unreadable: { found: 1, expected: 2 } })).toEqual(['lost'])
    expect(kinds({ unreadable: { found: 3, expected: 2 } })).toEqual(['doubled'])
  })
})
