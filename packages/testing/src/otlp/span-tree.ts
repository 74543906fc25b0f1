import type { CollectedSpan } from './span.ts'

/** A span with what it caused, in the order in which it began. */
export type SpanNode = CollectedSpan & { readonly children: readonly SpanNode[] }

const called = ({ service, kind, name, spanId }: CollectedSpan): string =>
  `${service} ${kind} '${name}' (${spanId})`

const twice = (spans: readonly CollectedSpan[]): CollectedSpan[] => {
  const seen = new Set<string>()
  return spans.filter(({ spanId }) => seen.size === seen.add(spanId).size)
}

/**
 * The spans of one trace as trees, one for each span that has no parent.
 *
 * @param outside - id of a span that somebody else made (the caller's), which may be the parent of a root.
 * @throws Error that names every span whose parent is missing, or that came twice.
 */
export const treesOf = (
  spans: readonly CollectedSpan[],
  traceId: string,
  outside?: string,
): readonly SpanNode[] => {
  const ours = spans.filter((span) => span.traceId === traceId)
  const ids = new Set(ours.map(({ spanId }) => spanId))
  const doubled = twice(ours)
  if (doubled.length > 0) throw new Error(`Came twice: ${doubled.map(called).join(', ')}.`)
  const isRoot = ({ parentId }: CollectedSpan) => parentId === undefined || parentId === outside
  const orphans = ours.filter((span) => !isRoot(span) && !ids.has(span.parentId ?? ''))
  if (orphans.length > 0) {
    const lines = orphans.map((span) => `${called(span)} wants ${span.parentId}`)
    throw new Error(`Parents are missing in trace ${traceId}: ${lines.join('; ')}.`)
  }
  const nodeOf = (span: CollectedSpan): SpanNode => ({
    ...span,
    children: ours
      .filter(({ parentId }) => parentId === span.spanId)
      .toSorted((a, b) => a.startedAt - b.startedAt)
      .map(nodeOf),
  })
  return ours.filter(isRoot).map(nodeOf)
}

/**
 * The one tree that a trace is.
 *
 * @param outside - see {@link treesOf}.
 * @throws Error that says what is missing, double or apart.
 */
export const treeOf = (spans: readonly CollectedSpan[], traceId: string, outside?: string): SpanNode => {
  const trees = treesOf(spans, traceId, outside)
  const [tree] = trees
  if (tree === undefined) throw new Error(`There is no span of trace ${traceId}.`)
  if (trees.length > 1)
    throw new Error(`Trace ${traceId} is ${trees.length} trees: ${trees.map(called).join(', ')}.`)
  return tree
}

/**
 * A tree as lines, two spaces deeper each: `gateway server POST /v1/orders`. For comparing and for people.
 *
 * @param shown - which spans are drawn; what hangs below one that is not is drawn in its place. Default: all.
 */
export const drawTree = (
  { children, ...span }: SpanNode,
  shown: (span: CollectedSpan) => boolean = () => true,
): readonly string[] => {
  const drawn = shown(span)
  const below = children.flatMap((child) => drawTree(child, shown))
  if (!drawn) return below
  return [`${span.service} ${span.kind} ${span.name}`, ...below.map((line) => `  ${line}`)]
}
