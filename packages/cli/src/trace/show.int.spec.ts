import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals'
import { parseCommandLine } from '../command/parse.ts'
import { COMMANDS } from '../commands/table.ts'
import { PLAIN } from '../terminal/paint.ts'
import type { Terminal } from '../terminal/terminal.ts'
import { showTrace } from './show.ts'
import { HOSTILE, hostileOrder } from './waterfall/hostile.fixture.ts'
import { START, fulfilled, granted, joined, order, placed, submitted } from './timeline.fixture.ts'

type Reply = readonly [status: number, body: unknown]

const DONE = order([submitted, { ...joined, route: 'default' }, placed, granted, fulfilled], {
  status: 'fulfilled',
})
const unknown: Reply = [404, { code: 'MESH_ORDER_UNKNOWN', detail: 'No such order.' }]

/** Answers of a gateway by path; the query string does not count. */
let answers: Record<string, Reply> = {}
const asked: string[] = []
const server = createServer((request, response) => {
  const url = request.url ?? ''
  asked.push(url)
  const [status, body] = answers[url.replace(/\?.*/, '')] ?? unknown
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
})

beforeAll(async () => {
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
})
afterAll(() => {
  server.closeAllConnections()
  server.close()
})
beforeEach(() => {
  asked.length = 0
  answers = { '/v1/orders/EDX-1': [200, DONE], '/readyz': [200, { ready: true, problems: {}, notes: {} }] }
})

const run = async (line: string) => {
  const out: string[] = []
  const notes: string[] = []
  const terminal = {
    out: (text: string) => void out.push(text),
    note: (text: string) => void notes.push(text),
    paint: PLAIN,
    notePaint: PLAIN,
    env: {},
    directory: '/',
    program: 'mesh',
    now: () => new Date(START + 60_000),
  } as unknown as Terminal
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const { input } = parseCommandLine(['trace', '--url', url, '--key', 'mesh_k', ...line.split(' ')], COMMANDS)
  const code = await showTrace(input, terminal)
  return { code, out, text: out.join('\n'), notes }
}

describe('mesh trace', () => {
  it('shows an order by its number, and looks for nothing else', async () => {
    const { code, text, notes } = await run('EDX-1')
    expect([code, notes]).toEqual([0, []])
    expect(text).toMatch(/^EDX-1 {2}fulfilled\n[^]*order\.fulfilled\.v1$/)
    expect(text).not.toContain('route:')
    expect(asked).toEqual(['/v1/orders/EDX-1', '/readyz'])
  })

  it('explains routes', async () => {
    expect((await run('EDX-1 --explain')).text).toMatch(/route: default[^]*route: not recorded/)
  })

  it.each(['--json', '--format json'])('%s prints the document', async (flags) => {
    expect(JSON.parse((await run(`EDX-1 ${flags}`)).text)).toEqual(DONE)
  })

  it('gives the terminal nothing that steers it, whatever the order holds', async () => {
    answers['/v1/orders/EDX-1'] = [200, hostileOrder()]
    const { out, text } = await run('EDX-1')
    expect(text).toContain(HOSTILE[0])
    expect(out.join('')).not.toMatch(/\p{Cc}/u)
  })

  it('draws', async () => {
    expect((await run('EDX-1 --format svg')).text).toMatch(/^<svg [^]*<\/svg>$/)
    expect((await run('EDX-1 --format html')).text).toMatch(/^<!doctype html>[^]*<svg [^]*<\/html>$/)
  })

  it('follows to the end', async () => {
    const { code, out } = await run('EDX-1 --follow')
    expect([code, out.at(-1)]).toEqual([0, 'EDX-1  fulfilled'])
    const { out: lines } = await run('EDX-1 --follow --json')
    expect(lines.map((line) => JSON.parse(line) as unknown)).toEqual(DONE.timeline)
  })

  it('finds an order by something else, says so beside the result, and follows it', async () => {
    answers['/v1/orders'] = [200, { by: 'paymentReference', orders: ['EDX-1'] }]
    for (const flags of ['--json', '--follow --json']) {
      const { code, text, notes } = await run(`pi_1 ${flags}`)
      expect([code, notes]).toEqual([0, ['pi_1 is the payment reference of EDX-1.']])
      expect(text).toMatch(/^\{/)
    }
    expect(asked).toContain('/v1/orders?paymentReference=pi_1&eventId=pi_1')
  })

  it('lists several orders and shows none', async () => {
    answers['/v1/orders'] = [200, { by: 'paymentReference', orders: ['EDX-1', 'EDX-2'] }]
    const { code, out, notes } = await run('INV-7')
    expect([code, out]).toEqual([1, ['EDX-1', 'EDX-2']])
    expect(notes).toEqual([
      'INV-7 is the payment reference of 2 orders.',
      expect.stringMatching(/^One of them: mesh trace EDX-1 --url /),
    ])
    expect(await run('INV-7 --format svg')).toMatchObject({ code: 1, out: [] })
  })

  it('knows that there is no such thing, and why it did not look further', async () => {
    answers['/v1/orders'] = [200, { orders: [] }]
    await expect(run('X')).rejects.toMatchObject({
      code: 'MESH_ORDER_UNKNOWN',
      message: expect.stringMatching(/^No order, trace, payment or event X is known to http:/),
    })
    answers['/v1/orders'] = [403, { code: 'MESH_FORBIDDEN', detail: 'No.' }]
    await expect(run('X')).rejects.toMatchObject({
      code: 'MESH_ORDER_UNKNOWN',
      message: expect.stringMatching(/^No order X is known to .*\n.*scope `operate`/),
    })
  })
})
