import type { Graph } from '@commerce-mesh/mesh'
import { describe, expect, it } from '@jest/globals'
import { layOut } from './layout.ts'
import { event } from './event.fixture.ts'
import { renderSvg } from './svg.ts'

const service = (name: string, projects = false) => ({ name, projects })

const columnsOf = (graph: Graph) =>
  Object.fromEntries(layOut(graph).nodes.map(({ name, column }) => [name, column]))

const SHOP: Graph = {
  services: [service('edge', true), service('till'), service('packing')],
  events: [
    event('parcel.ordered.v1', ['edge'], ['edge', 'till']),
    event('parcel.paid.v1', ['till'], ['edge', 'packing']),
    event('parcel.packed.v1', ['packing'], ['edge']),
  ],
}

describe('layOut', () => {
  it('puts services in the order of an event’s way, and what only shows last', () => {
    expect(columnsOf(SHOP)).toEqual({ edge: 0, till: 1, packing: 2, 'edge view': 3 })
  })

  it('ends also where events go round', () => {
    const circle: Graph = {
      services: [service('a'), service('b')],
      events: [event('ping.sent.v1', ['a'], ['b']), event('pong.sent.v1', ['b'], ['a'])],
    }
    expect(new Set(Object.keys(columnsOf(circle)))).toEqual(new Set(['a', 'b']))
  })

  it('shows where an event comes from nobody or goes to nobody', () => {
    const graph = {
      services: [service('a')],
      events: [event('x.y.v1', [], ['a']), event('z.y.v1', ['a'], [])],
    }
    expect(columnsOf(graph)).toEqual({ nobody: 0, a: 1, 'nobody reads': 2 })
  })

  it('leaves out services that no event touches', () => {
    expect(layOut({ services: [service('idle')], events: [] })).toEqual({ nodes: [], links: [], columns: 0 })
  })
})

type Box = { x: number; y: number; width: number; height: number }

const boxesOf = (svg: string): Box[] =>
  [...svg.matchAll(/<rect x="(\d+)" y="(\d+)" width="(\d+)" height="(\d+)"/g)].map(
    ([, x, y, width, height]) => ({
      x: Number(x),
      y: Number(y),
      width: Number(width),
      height: Number(height),
    }),
  )

const overlap = (a: Box, b: Box) =>
  a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height

describe('renderSvg', () => {
  const svg = renderSvg(SHOP).join('\n')

  it('draws each service once and names every event on an arrow', () => {
    expect(svg.match(/class="(service|view)"/g)).toHaveLength(4)
    expect(svg.match(/marker-end/g)).toHaveLength(5)
    expect(svg.match(/>parcel\.ordered\.v1</g)).toHaveLength(2)
  })

  it('lets no boxes overlap, and none stand outside of the picture', () => {
    const boxes = boxesOf(svg)
    const [, width = 0, height = 0] = (/viewBox="0 0 (\d+) (\d+)"/.exec(svg) ?? []).map(Number)
    for (const [nth, box] of boxes.entries()) {
      expect(boxes.slice(nth + 1).some((other) => overlap(box, other))).toBe(false)
      expect(box.x + box.width).toBeLessThan(width)
      expect(box.y + box.height).toBeLessThan(height)
    }
  })

  it('takes names for text, whatever is in them', () => {
    const odd = { services: [service('a<b')], events: [event('x.y.v1', ['a<b'], [])] }
    expect(renderSvg(odd).join('')).toContain('>a&lt;b<')
  })
})
