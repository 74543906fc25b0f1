import { describe, expect, it } from '@jest/globals'
import type { CollectedSpan } from './span.ts'
import { drawTree, treeOf, treesOf } from './span-tree.ts'

const TRACE = 't'.repeat(32)

const span = (spanId: string, parentId?: string, more: Partial<CollectedSpan> = {}): CollectedSpan => ({
  traceId: TRACE,
  spanId,
  ...(parentId !== undefined && { parentId }),
  name: `span ${spanId}`,
  kind: 'internal',
  startedAt: 0,
  durationMs: 1,
  failed: false,
  attributes: {},
  links: [],
  service: 'gateway',
  resource: {},
  scope: 'commerce-mesh',
  ...more,
})

describe('the tree of a trace', () => {
  const spans = [
    span('c', 'a', { startedAt: 2 }),
    span('a'),
    span('b', 'a', { startedAt: 1, kind: 'client', service: 'payments' }),
    span('d', 'b'),
    span('x', undefined, { traceId: 'u'.repeat(32) }),
  ]

  it('is made of its spans, in the order in which they began, whatever order they came in', () => {
    expect(drawTree(treeOf(spans, TRACE))).toEqual([
      'gateway internal span a',
      '  payments client span b',
      '    gateway internal span d',
      '  gateway internal span c',
    ])
  })

  it('can be drawn without some of them; what they caused moves up', () => {
    expect(drawTree(treeOf(spans, TRACE), ({ kind }) => kind !== 'client')).toEqual([
      'gateway internal span a',
      '  gateway internal span d',
      '  gateway internal span c',
    ])
  })

  it('names every span whose parent is missing', () => {
    expect(() => treeOf([span('a'), span('b', 'nobody'), span('c', 'gone')], TRACE)).toThrow(
      /missing.*'span b' \(b\) wants nobody; .*'span c' \(c\) wants gone/,
    )
  })

  it('names spans that came twice', () => {
    expect(() => treeOf([span('a'), span('b', 'a'), span('b', 'a')], TRACE)).toThrow(/twice.*'span b'/)
  })

  it('is one: several roots are named, and none is told', () => {
    expect(() => treeOf([span('a'), span('b')], TRACE)).toThrow(/2 trees: .*'span a'.*'span b'/)
    expect(() => treeOf([], TRACE)).toThrow(/no span/)
    expect(treesOf([span('a'), span('b')], TRACE)).toHaveLength(2)
  })

  it('may hang below a span that somebody else made', () => {
    const below = [span('a', 'caller'), span('b', 'a')]
    expect(() => treeOf(below, TRACE)).toThrow(/wants caller/)
    expect(treeOf(below, TRACE, 'caller').children.map(({ spanId }) => spanId)).toEqual(['b'])
  })
})
