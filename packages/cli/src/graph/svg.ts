import type { Graph } from '@commerce-mesh/mesh'
import { type Layout, type Link, type Node, layOut } from './layout.ts'

/** Everything in pixels. */
const BOX = { width: 150, height: 72 }
const GAP = 48
const MARGIN = 24
const LINE = 15
const LETTER = 7

type Box = Node & { readonly x: number; readonly y: number }

const escaped = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;')

/** Room between two columns: as much as the longest name on an arrow takes. */
const channelOf = ({ links }: Layout): number =>
  Math.max(0, ...links.flatMap(({ types }) => types.map((type) => type.length))) * LETTER + 40

const place = (layout: Layout): ReadonlyMap<string, Box> => {
  const channel = channelOf(layout)
  const rows = new Map<number, number>()
  return new Map(
    layout.nodes.map((node) => {
      const row = rows.get(node.column) ?? 0
      rows.set(node.column, row + 1)
      const x = MARGIN + node.column * (BOX.width + channel)
      return [node.name, { ...node, x, y: MARGIN + 30 + row * (BOX.height + GAP) }]
    }),
  )
}

const drawBox = ({ x, y, name, isView }: Box): string =>
  [
    `<rect x="${x}" y="${y}" width="${BOX.width}" height="${BOX.height}" rx="6" class="${isView ? 'view' : 'service'}"/>`,
    `<text x="${x + BOX.width / 2}" y="${y + BOX.height / 2 + 5}" text-anchor="middle" class="name">${escaped(name)}</text>`,
  ].join('\n  ')

const drawLabel = (types: readonly string[], x: number, y: number, anchor: 'middle' | 'start'): string =>
  types
    .map(
      (type, nth) =>
        `<text x="${x}" y="${y - 6 - (types.length - 1 - nth) * LINE}" text-anchor="${anchor}" class="event">${escaped(type)}</text>`,
    )
    .join('\n  ')

const drawPath = (path: string, isView: boolean): string =>
  `<path d="${path}" class="${isView ? 'shown' : 'arrow'}" marker-end="url(#head)"/>`

/** From a column to the next: straight through the room between them. */
const drawNear = ({ types }: Link, from: Box, to: Box, port: number): string => {
  const start = { x: from.x + BOX.width, y: from.y + port }
  const end = { x: to.x, y: to.y + port }
  const middle = { x: (start.x + end.x) / 2, y: (start.y + end.y) / 2 }
  return `${drawPath(`M${start.x} ${start.y} L${end.x - 2} ${end.y}`, to.isView)}\n  ${drawLabel(types, middle.x, middle.y, 'middle')}`
}

/** Past other columns: below all boxes, in a lane of its own. */
const drawFar = ({ types }: Link, from: Box, to: Box, lane: number, nth: number): string => {
  const start = from.x + BOX.width / 2 + nth * 14
  const end = to.x + BOX.width / 2 + nth * 14
  const path = `M${start} ${from.y + BOX.height} V${lane} H${end} V${to.y + BOX.height + 2}`
  return `${drawPath(path, to.isView)}\n  ${drawLabel(types, start + 10, lane, 'start')}`
}

const STYLE = `
  text { font: 13px system-ui, sans-serif; fill: #1b2733 }
  .name { font-weight: 600; font-size: 15px }
  .event { font: 12px ui-monospace, monospace; fill: #334a5e }
  .service { fill: #e8f1fa; stroke: #2b6cb0; stroke-width: 1.5 }
  .view { fill: #f6f6f6; stroke: #8a97a5; stroke-width: 1.5; stroke-dasharray: 5 3 }
  .arrow, .shown { fill: none; stroke: #2b6cb0; stroke-width: 1.5 }
  .shown { stroke: #8a97a5; stroke-dasharray: 5 3 }`

/** A graph as a picture: services are boxes, arrows are events; what is dashed only shows what others did. */
export const renderSvg = (graph: Graph): readonly string[] => {
  const layout = layOut(graph)
  const boxes = place(layout)
  const bottom = Math.max(0, ...[...boxes.values()].map(({ y }) => y + BOX.height))
  const ends = layout.links.flatMap((link) => {
    const [from, to] = [boxes.get(link.from), boxes.get(link.to)]
    return from === undefined || to === undefined ? [] : [{ link, from, to }]
  })
  const near = ends.filter(({ from, to }) => to.column === from.column + 1)
  // The farther an arrow goes, the lower it runs, so that none crosses another on its way down.
  const far = ends
    .filter(({ from, to }) => to.column !== from.column + 1)
    .toSorted((a, b) => Math.abs(a.to.column - a.from.column) - Math.abs(b.to.column - b.from.column))
  let lane = bottom + 10
  const lanes = far.map(({ link, from, to }, nth) => {
    lane += 20 + link.types.length * LINE
    return drawFar(link, from, to, lane, nth)
  })
  const width = MARGIN * 2 + layout.columns * BOX.width + Math.max(0, layout.columns - 1) * channelOf(layout)
  const height = lane + MARGIN
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" aria-labelledby="title">`,
    '  <title id="title">Who emits and who reads which event</title>',
    `  <style>${STYLE}\n  </style>`,
    '  <defs><marker id="head" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="8" markerHeight="8" orient="auto-start-reverse"><path d="M0 0 L8 4 L0 8 z" fill="#516678"/></marker></defs>',
    `  <rect width="${width}" height="${height}" fill="#ffffff"/>`,
    ...near.map(({ link, from, to }) => `  ${drawNear(link, from, to, BOX.height / 2)}`),
    ...lanes.map((text) => `  ${text}`),
    ...[...boxes.values()].map((box) => `  ${drawBox(box)}`),
    '</svg>',
  ]
}
