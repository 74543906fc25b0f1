import { describe, expect, it } from '@jest/globals'
import { PLAIN } from '../terminal/paint.ts'
import type { Explained, Way } from './explain.ts'
import { renderExplained } from './render.ts'

const way = (verdict: Way['verdict'], more: Partial<Way> = {}): Way => ({
  service: 'office',
  handler: 'sort',
  route: 'mesh.yaml:3 when class equals first',
  verdict,
  ...more,
})

const shown = (explained: Partial<Explained>) =>
  renderExplained({ type: 'letter.posted.v1', key: 'L-1', ways: [], ...explained }, PLAIN).slice(0, -2)

describe('what comes of an event, for people', () => {
  it('begins with the event and its key, and ends by saying that nothing was done', () => {
    const lines = renderExplained({ type: 'letter.posted.v1', key: 'L-1', ways: [way('shows')] }, PLAIN)
    expect(lines[0]).toBe('letter.posted.v1  L-1')
    expect(lines.at(-1)).toMatch(/^Nothing was done\./)
  })

  it.each<[Way, string]>([
    [way('takes'), 'takes it (mesh.yaml:3 when class equals first)'],
    [way('skips'), 'does not get it: mesh.yaml:3 when class equals first does not hold'],
    [way('off', { route: 'mesh.yaml:3' }), 'does not get it: mesh.yaml:3 is off'],
    [way('shows'), 'shows it'],
    [way('comes too late', { route: 'default' }), 'does not get it: a route above has taken it (default)'],
    [
      way('can’t read', { reason: 'data can’t be read as letter.posted.v2' }),
      'can’t read it, and makes a dead letter of class contract: data can’t be read as letter.posted.v2',
    ],
  ])('says of each way what becomes of it', (one, text) =>
    expect(shown({ ways: [one] })).toEqual(['letter.posted.v1  L-1', `└─ office/sort  ${text}`]),
  )

  it('lays what comes of a decision below it', () => {
    const takes = (more: Partial<Way>) => way('takes', { route: 'default', ...more })
    const ways = [
      takes({
        decision: {
          outcome: 'done',
          events: [
            { type: 'letter.stamped.v1', key: 'L-1', ways: [takes({ service: 'van', mayEmit: [] })] },
            { type: 'letter.lost.v1', key: 'L-1', ways: [] },
          ],
        },
      }),
      takes({ decision: { outcome: 'suppressed', reason: 'known', events: [] } }),
      takes({ decision: { outcome: 'dead', code: 'MESH_X', reason: 'no', events: [] } }),
      takes({ mayEmit: ['letter.stamped.v1', 'letter.lost.v1'] }),
    ]
    expect(shown({ ways }).join('\n')).toBe(
      `letter.posted.v1  L-1
├─ office/sort  takes it (default)
│  └─ would decide done
│     ├─ letter.stamped.v1
│     │  └─ van/sort  takes it (default)
│     │     └─ emits nothing
│     └─ letter.lost.v1
│        └─ nobody reads it
├─ office/sort  takes it (default)
│  └─ would decide suppressed: known
├─ office/sort  takes it (default)
│  └─ would decide dead: MESH_X: no
└─ office/sort  takes it (default)
   └─ may emit letter.stamped.v1, letter.lost.v1; it is not run here`,
    )
  })

  it('says who would be refused', () =>
    expect(shown({ refused: '/a may not emit this' })[1]).toBe(
      '└─ becomes a dead letter of class contract: /a may not emit this',
    ))
})
