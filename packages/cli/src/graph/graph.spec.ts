import type { Graph } from '@commerce-mesh/mesh'
import { describe, expect, it } from '@jest/globals'
import { parseCommandLine } from '../command/parse.ts'
import { COMMANDS } from '../commands/table.ts'
import { PLAIN } from '../terminal/paint.ts'
import type { Terminal } from '../terminal/terminal.ts'
import { renderDot, renderMermaid } from './diagram.ts'
import { event } from './event.fixture.ts'
import { showGraph } from './graph.ts'
import { renderText } from './text.ts'

const GRAPH: Graph = {
  services: [
    { name: 'shop', projects: false },
    { name: 'pick-up', projects: false },
    { name: 'board', projects: true },
  ],
  events: [
    event('parcel.ordered.v1', ['shop'], ['pick-up', 'board']),
    event('parcel.paid.v1', ['shop'], ['pick-up']),
    event('parcel.lost.v1', ['pick-up'], []),
    event('parcel.found.v1', [], ['board']),
  ],
}

const show = async (line: string) => {
  const lines: string[] = []
  const terminal = {
    out: (text: string) => void lines.push(text),
    paint: PLAIN,
    env: {},
    directory: import.meta.dirname,
  } as unknown as Terminal
  const { input } = parseCommandLine(['graph', ...line.split(' ').filter(Boolean)], COMMANDS)
  return { code: await showGraph(input, terminal), text: lines.join('\n') }
}

describe('a graph', () => {
  it('as a table: who emits, who reads, and what nobody does', () => {
    expect(renderText(GRAPH, PLAIN)).toEqual([
      'event              emitted by  read by',
      'parcel.ordered.v1  shop        pick-up, board',
      'parcel.paid.v1     shop        pick-up',
      'parcel.lost.v1     pick-up     nobody',
      'parcel.found.v1    nobody      board',
      '',
      'board reads only to show what others did.',
    ])
  })

  it('in Mermaid: an arrow for each pair, dashed where it only feeds a view', () => {
    expect(renderMermaid(GRAPH)).toEqual([
      'flowchart LR',
      '  nobody["nobody"]',
      '  shop["shop"]',
      '  pick_up["pick-up"]',
      '  board_view(["board view"])',
      '  nobody_reads(["nobody reads"])',
      '  shop -- "parcel.ordered.v1<br/>parcel.paid.v1" --> pick_up',
      '  shop -. "parcel.ordered.v1" .-> board_view',
      '  pick_up -. "parcel.lost.v1" .-> nobody_reads',
      '  nobody -. "parcel.found.v1" .-> board_view',
    ])
  })

  it('for Graphviz', () => {
    expect(renderDot(GRAPH)).toEqual([
      'digraph mesh {',
      '  rankdir=LR',
      '  node [shape=box]',
      '  "nobody"',
      '  "shop"',
      '  "pick-up"',
      '  "board view" [style=dashed]',
      '  "nobody reads" [style=dashed]',
      '  "shop" -> "pick-up" [label="parcel.ordered.v1\\nparcel.paid.v1"]',
      '  "shop" -> "board view" [label="parcel.ordered.v1", style=dashed]',
      '  "pick-up" -> "nobody reads" [label="parcel.lost.v1", style=dashed]',
      '  "nobody" -> "board view" [label="parcel.found.v1", style=dashed]',
      '}',
    ])
  })
})

describe('mesh graph', () => {
  it('shows the way of an order through the services', async () => {
    const { code, text } = await show('')
    expect(code).toBe(0)
    expect(text).toMatch(/^order\.submitted\.v1 +gateway +gateway, payments$/m)
    expect(text).toMatch(/^order\.placed\.v1 +payments +gateway, fulfillment$/m)
    expect(text).not.toContain('mesh.hop-recorded')
  })

  it('shows the bookkeeping where it is asked for', async () => {
    expect((await show('--all')).text).toMatch(/^mesh\.hop-recorded\.v1 +payments, fulfillment +gateway$/m)
  })

  it('is data for other tools', async () => {
    const { events } = JSON.parse((await show('--format json')).text) as Graph
    expect(events.find(({ type }) => type === 'order.fulfilled.v1')).toMatchObject({
      owner: 'fulfillment',
      emittedBy: ['fulfillment'],
      readBy: ['gateway'],
    })
  })

  it('names the formats that there are', async () => {
    await expect(show('--format png')).rejects.toThrow('text, mermaid, dot, svg, json')
  })
})
