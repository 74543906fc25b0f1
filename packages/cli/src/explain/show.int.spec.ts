import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { orderPlaced, sampleEventOf, sampleOf, toStructured } from '@commerce-mesh/contracts'
import { ConfigError } from '@commerce-mesh/mesh'
import { afterAll, describe, expect, it } from '@jest/globals'
import { parseCommandLine } from '../command/parse.ts'
import { UsageError } from '../command/usage-error.ts'
import { COMMANDS } from '../commands/table.ts'
import { PLAIN } from '../terminal/paint.ts'
import type { Terminal } from '../terminal/terminal.ts'

const directory = mkdtempSync(path.join(tmpdir(), 'mesh-explain-'))
afterAll(() => rmSync(directory, { recursive: true, force: true }))

/** `mesh explain ARGS` with a text on standard input, and a mesh.yaml where one is given. */
const explain = async (stdin: string, args: readonly string[] = [], config?: string) => {
  const lines: string[] = []
  const terminal: Terminal = {
    out: (line) => void lines.push(line),
    write: async () => {},
    note: () => {},
    paint: PLAIN,
    notePaint: PLAIN,
    isInteractive: false,
    env: {},
    directory,
    root: directory,
    program: 'mesh',
    stdin: async () => stdin,
    input: async function* () {},
    now: () => new Date('2026-01-02T03:04:05Z'),
  }
  if (config !== undefined) writeFileSync(path.join(directory, 'routes.yaml'), config)
  const flags = config === undefined ? [] : ['--config', 'routes.yaml']
  const { command, input } = parseCommandLine(['explain', '-', ...args, ...flags], COMMANDS)
  const code = await command.run(input, terminal)
  return { code, text: lines.join('\n') }
}

const route = (when: string) =>
  `routes:\n  - event: order.placed.v1\n    to: fulfillment\n    when: ${when}\n`

describe('mesh explain', () => {
  it('shows the way of an event through routes of a file that needs no secrets for it', async () => {
    const data = JSON.stringify(sampleOf(orderPlaced))
    const dollars = `${route('{ field: currency, equals: USD }')}services: { fulfillment: { lms: { clientSecret: "\${SECRET}" } } }\n`
    const taken = await explain(data, [], dollars)
    expect(taken.code).toBe(0)
    expect(taken.text).toContain(
      'fulfillment/grant-on-order-placed  takes it (routes.yaml:2 when currency equals USD)',
    )
    expect(taken.text).toContain(
      'may emit order.fulfilled.v1, order.fulfillment-failed.v1; it is not run here',
    )
    const skipped = await explain(data, [], route('{ field: currency, equals: EUR }'))
    expect(skipped.text).toContain('does not get it: routes.yaml:2 when currency equals EUR does not hold')
  })

  it('prints JSON', async () => {
    const { text } = await explain(toStructured(sampleEventOf(orderPlaced)), ['--json'])
    expect(JSON.parse(text)).toMatchObject({
      type: 'order.placed.v1',
      key: 'EDX-100001',
      ways: [
        { service: 'fulfillment', verdict: 'takes' },
        { service: 'gateway', verdict: 'shows' },
      ],
    })
  })

  it('ends with 1 where the event would be set aside, and says what is wrong with it', async () => {
    const broken = await explain('{"orderNumber":""}', ['--type', 'order.placed.v1'])
    expect(broken.code).toBe(1)
    expect(broken.text).toMatch(
      /^It becomes a dead letter of class contract[^]*data\.orderNumber .*\n[^]*data\.lines/,
    )
    const forged = await explain(toStructured(sampleEventOf(orderPlaced, { source: '/forger' })))
    expect(forged.code).toBe(1)
    expect(forged.text).toContain('/forger may not emit order.placed.v1')
    const granted = 'producers: [{ source: /forger, emits: [order.placed.v1] }]\n'
    expect(
      (await explain(toStructured(sampleEventOf(orderPlaced, { source: '/forger' })), [], granted)).code,
    ).toBe(0)
    const json = await explain('{}', ['--type', 'order.placed.v1', '--json'])
    expect(JSON.parse(json.text)).toMatchObject({ class: 'contract', findings: expect.any(Array) })
  })

  it('refuses routes that are wrong, in the words of mesh validate', async () => {
    const data = JSON.stringify(sampleOf(orderPlaced))
    const refused = explain(data, [], route('{ field: curency, equals: USD }'))
    await expect(refused).rejects.toThrow(ConfigError)
    await expect(refused).rejects.toThrow(
      /routes\.yaml:4:20 error MESH_ROUTE_FIELD_UNKNOWN\n.*no field 'curency'.\n.*'currency'/,
    )
    await expect(explain('{', [])).rejects.toThrow(UsageError)
  })
})
