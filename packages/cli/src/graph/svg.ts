import type { Graph } from '@commerce-mesh/mesh'
import { type Layout, type Link, type Node, layOut } from './layout.ts'
import { escaped } from '../terminal/text.ts'

/** Everything in pixels. */
const BOX = { width: 150, height: 72 }
const GAP = 48
const MARGIN = 24
const LINE = 15
const LETTER = 7

type Box = Node & { readonly x: number; readonly y: number }

/** Characters of a line of a condition; it has lines of its own below the event. */
const LONGEST_LINE = 34

const wrapped = (text: string): readonly string[] =>
  text.split(' ').reduce<readonly string[]>((lines, word) => {
    const last = lines.at(-1)
    if (last === undefined || last.length + word.length + 1 > LONGEST_LINE) return [...lines, word]
    return [...lines.slice(0, -1), `${last} ${word}`]
  }, [])

/** What stands on an arrow, line by line. */
const linesOf = ({ types }: Link): readonly string[] =>
  types.flatMap((label) => {
    const [type = '', ...condition] = label.split(' if ')
    return condition.length === 0 ? [type] : [type, ...wrapped(`if ${condition.join(' if ')}`)]
  })

/** Arrows that run past boxes keep this far from each other. */
const APART = 7

type Ends = { readonly link: Link; readonly from: Node; readonly to: Node }

const isFar = ({ from, to }: Pick<Ends, 'from' | 'to'>): boolean => to.column !== from.column + 1

const endsOf = ({ nodes, links }: Layout): readonly Ends[] => {
  const byName = new Map(nodes.map((node) => [node.name, node]))
  return links.flatMap((link) => {
    const [from, to] = [byName.get(link.from), byName.get(link.to)]
    return from === undefined || to === undefined ? [] : [{ link, from, to }]
  })
}

/** Room between two columns: as much as the longest line on an arrow takes, and the arrows that run down beside it. */
const channelOf = (ends: readonly Ends[]): number =>
  Math.max(0, ...ends.flatMap(({ link }) => linesOf(link).map((line) => line.length))) * LETTER +
  40 +
  2 * APART * ends.filter(isFar).length

const place = (layout: Layout, ends: readonly Ends[]): ReadonlyMap<string, Box> => {
  const channel = channelOf(ends)
  // Arrows that lead back to the first column come in from the left.
  const left = MARGIN + APART * ends.filter(({ from, to }) => to.column <= from.column).length
  const highest = Math.max(0, ...ends.filter((one) => !isFar(one)).map(({ link }) => linesOf(link).length))
  const top = MARGIN + Math.max(30, highest * LINE + 10 - BOX.height / 2)
  const rows = new Map<number, number>()
  return new Map(
    layout.nodes.map((node) => {
      const row = rows.get(node.column) ?? 0
      rows.set(node.column, row + 1)
      const x = left + node.column * (BOX.width + channel)
      return [node.name, { ...node, x, y: top + row * (BOX.height + GAP) }]
    }),
  )
}

const drawBox = ({ x, y, name, isView }: Box): string =>
  [
    `<rect x="${x}" y="${y}" width="${BOX.width}" height="${BOX.height}" rx="6" class="${isView ? 'view' : 'service'}"/>`,
    `<text x="${x + BOX.width / 2}" y="${y + BOX.height / 2 + 5}" text-anchor="middle" class="name">${escaped(name)}</text>`,
  ].join('\n  ')

const drawLabel = (lines: readonly string[], x: number, y: number, anchor: 'middle' | 'start'): string =>
  lines
    .map(
      (line, nth) =>
        `<text x="${x}" y="${y - 6 - (lines.length - 1 - nth) * LINE}" text-anchor="${anchor}" class="event">${escaped(line)}</text>`,
    )
    .join('\n  ')

const drawPath = (path: string, isView: boolean): string =>
  `<path d="${path}" class="${isView ? 'shown' : 'arrow'}" marker-end="url(#head)"/>`

/** From a column to the next: straight through the room between them. */
const drawNear = (link: Link, from: Box, to: Box): string => {
  const start = { x: from.x + BOX.width, y: from.y + BOX.height / 2 }
  const end = { x: to.x, y: to.y + BOX.height / 2 }
  const middle = { x: (start.x + end.x) / 2, y: (start.y + end.y) / 2 }
  return `${drawPath(`M${start.x} ${start.y} L${end.x - 2} ${end.y}`, to.isView)}\n  ${drawLabel(linesOf(link), middle.x, middle.y, 'middle')}`
}

/** Past other columns: down beside the box, along below all boxes in a lane of its own, and up beside the other one. */
const drawFar = (
  link: Link,
  from: Box,
  to: Box,
  { lane, nth, of }: { readonly lane: number; readonly nth: number; readonly of: number },
): string => {
  const out = from.x + BOX.width + 8 + nth * APART
  const into = to.x - 8 - nth * APART
  const port = (BOX.height * 3) / 4
  const path = `M${from.x + BOX.width} ${from.y + port} H${out} V${lane} H${into} V${to.y + port} H${to.x - 2}`
  return `${drawPath(path, to.isView)}\n  ${drawLabel(linesOf(link), from.x + BOX.width + 12 + of * APART, lane, 'start')}`
}

const STYLE = `
  text { font: 13px system-ui, sans-serif; fill: #1b2733 }
  .name { font-weight: 600; font-size: 15px }
  .event { font: 12px ui-monospace, monospace; fill: #334a5e; paint-order: stroke; stroke: #ffffff; stroke-width: 4px }
  .service { fill: #e8f1fa; stroke: #2b6cb0; stroke-width: 1.5 }
  .view { fill: #f6f6f6; stroke: #8a97a5; stroke-width: 1.5; stroke-dasharray: 5 3 }
  .arrow, .shown { fill: none; stroke: #2b6cb0; stroke-width: 1.5 }
  .shown { stroke: #8a97a5; stroke-dasharray: 5 3 }`

/** A graph as a picture: services are boxes, arrows are events; what is dashed only shows what others did. */
export const renderSvg = (graph: Graph): readonly string[] => {
  const layout = layOut(graph)
  const ends = endsOf(layout)
  const boxes = place(layout, ends)
  const bottom = Math.max(0, ...[...boxes.values()].map(({ y }) => y + BOX.height))
  const drawn = ends.flatMap(({ link }) => {
    const [from, to] = [boxes.get(link.from), boxes.get(link.to)]
    return from === undefined || to === undefined ? [] : [{ link, from, to }]
  })
  // The farther an arrow goes, the lower it runs, so that few cross each other on their way down.
  const far = drawn
    .filter(isFar)
    .toSorted((a, b) => Math.abs(a.to.column - a.from.column) - Math.abs(b.to.column - b.from.column))
  let lane = bottom + 10
  const lanes = far.map(({ link, from, to }, nth) => {
    lane += 20 + linesOf(link).length * LINE
    return drawFar(link, from, to, { lane, nth, of: far.length })
  })
  const width = Math.max(0, ...[...boxes.values()].map(({ x }) => x + BOX.width)) + MARGIN
  const height = lane + MARGIN
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" aria-labelledby="title">`,
    '  <title id="title">Who emits and who reads which event</title>',
    `  <style>${STYLE}\n  </style>`,
    '  <defs><marker id="head" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="8" markerHeight="8" orient="auto-start-reverse"><path d="M0 0 L8 4 L0 8 z" fill="#516678"/></marker></defs>',
    `  <rect width="${width}" height="${height}" fill="#ffffff"/>`,
    ...drawn.filter((one) => !isFar(one)).map(({ link, from, to }) => `  ${drawNear(link, from, to)}`),
    ...lanes.map((text) => `  ${text}`),
    ...[...boxes.values()].map((box) => `  ${drawBox(box)}`),
    '</svg>',
  ]
}
