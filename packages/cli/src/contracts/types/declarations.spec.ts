import { CONTRACTS } from '@commerce-mesh/contracts'
import { describe, expect, it } from '@jest/globals'
import { seatReserved, seatReservedNext, treeGrown } from '../reference/seat.fixture.ts'
import { docComment } from './comment.ts'
import { typeDeclarations } from './declarations.ts'
import { typeNameOf } from './type-name.ts'

describe('types for vendors', () => {
  const text = typeDeclarations([seatReserved, seatReservedNext, treeGrown])

  it('say what an event looks like', () => {
    expect(text.replaceAll(/^ *(?:\/\*\*.*| \*.*)\n/gm, '')).toContain(
      [
        'export type SeatReservedV1 = {',
        '  readonly order: string',
        '  readonly buyer: {',
        '    readonly email: string',
        '    readonly age?: number | null | undefined',
        '  }',
        '  readonly seats: readonly {',
        "    readonly row: 'a' | 'b'",
        '  }[]',
        '  readonly notes?: Readonly<Record<string, string>> | undefined',
        '  readonly price: number | {',
        '    readonly amount: number',
        '    readonly currency: string',
        '  } | {',
        '    readonly amount?: number | undefined',
        '    readonly gift: true',
        '  }',
        "  readonly 'odd-name'?: readonly ('it\\'s' | 'y')[] | undefined",
        '  readonly pair?: readonly [string, null, ...boolean[]] | undefined',
        '  readonly paid: boolean',
        '}',
      ].join('\n'),
    )
  })

  it('tell of each event and field what a type can’t', () => {
    expect(text).toContain(
      [
        '/**',
        ' * A seat is held <b>until</b> the order is paid.',
        ' *',
        ' * Topic `seat.reserved.v1`. Owner: shop. Record key: `order`. Personal: `buyer`.',
        ' *',
        ' * orderOnce must hold.',
        ' */',
      ].join('\n'),
    )
    expect(text).toContain('  /** The `order` that holds it *\\/ and <i>no other</i>. */')
    expect(text).toContain(
      '    /** An e-mail address, at most 99 characters. Personal: keep it out of logs. */',
    )
  })

  it('name what contains itself', () => {
    expect(text).toContain('  readonly trunk: TreeGrownV1SideBranch\n} & Readonly<Record<string, unknown>>')
    expect(text).toContain('export type TreeGrownV1SideBranch = {')
    expect(text).toContain('  readonly twigs: readonly TreeGrownV1SideBranch[]')
  })

  it('are listed by event type', () => {
    expect(text).toContain("  readonly 'seat.reserved.v2': SeatReservedV2\n")
  })

  it('have names of their own', () => {
    const names = CONTRACTS.map(typeNameOf)
    expect(new Set(names).size).toBe(names.length)
    expect(names).toContain('OrderFulfillmentFailedV1')
  })
})

describe('a comment', () => {
  it('is left out where there is nothing to say', () => expect(docComment(['', ''])).toEqual([]))

  it('stays within its width, each word whole', () => {
    const words = Array.from({ length: 60 }, (_, nth) => `word${nth}`).join(' ')
    const lines = docComment([words, 'More.'], '  ')
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(110)
    expect(lines.join(' ').match(/word\d+/g)).toHaveLength(60)
    expect(lines.slice(-3)).toEqual(['   *', '   * More.', '   */'])
  })
})
