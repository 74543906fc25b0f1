import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { orderPlaced, orderSubmitted, sampleEventOf, toStructured } from '@commerce-mesh/contracts'
import { describe, expect, it } from '@jest/globals'
import { directoryWith, piecesOf, runHere } from './terminal.fixture.ts'

const placed = sampleEventOf(orderPlaced)
const submitted = sampleEventOf(orderSubmitted, { source: '/example-shop' })
const good = toStructured(placed)
const broken = toStructured({ ...placed, data: { ...placed.data, total: 1.5 } })
const ofShop = toStructured(submitted)

const PRODUCERS = 'producers:\n  - { source: /example-shop, emits: [order.submitted.v1] }\n'
const NOT_LOOKED_AT = /Who may emit what was not looked at/

const testing = (
  files: Readonly<Record<string, string | Uint8Array>>,
  flags = '',
  more: Parameters<typeof runHere>[2] = {},
) => {
  const named = Object.keys(files).filter((name) => name.endsWith('.jsonl'))
  const words = flags.split(' ').filter((word) => word !== '')
  return runHere(['contracts', 'test', ...named, ...words], directoryWith(files), more)
}

describe('mesh contracts test', () => {
  it('prints one verdict a line, in order, and ends with 1 where an event is broken', async () => {
    const files = { 'a.jsonl': `${good}\n\n${broken}\r\nrubbish\n`, 'b.jsonl': good }
    const { code, out, err } = await testing(files)
    expect(code).toBe(1)
    expect(out.split('\n')).toEqual([
      'a.jsonl:1 ok order.placed.v1 EDX-100001',
      'a.jsonl:3 contract order.placed.v1 data.total must be an integer',
      'a.jsonl:4 poison event is not valid JSON',
      'b.jsonl:1 ok order.placed.v1 EDX-100001',
      '',
    ])
    expect(err).toMatch(/^4 events: 2 ok, 1 contract, 1 poison; [\d,]+ a second\n/)
  })

  it('ends with 0 where every event is good, and where there is none', async () => {
    expect(await testing({ 'a.jsonl': `\ufeff${good}\n${good}` })).toMatchObject({
      code: 0,
      err: expect.stringMatching(/^2 events: 2 ok; /),
    })
    expect(await testing({ 'a.jsonl': '\n\n' })).toMatchObject({
      code: 0,
      out: '',
      err: expect.stringMatching(/^There was no event\./),
    })
  })

  it('reads standard input', async () => {
    const { code, out } = await testing({}, '-', {
      input: () => piecesOf(good.slice(0, 9), `${good.slice(9)}\n${broken}`),
    })
    expect(code).toBe(1)
    expect(out).toMatch(/^-:1 ok order\.placed\.v1 EDX-100001\n-:2 contract .*\n$/)
  })

  it('takes an event that is printed over several lines as one', async () => {
    const pretty = JSON.stringify(JSON.parse(good), undefined, 2)
    expect(await testing({ 'a.jsonl': pretty })).toMatchObject({
      code: 0,
      out: 'a.jsonl:1 ok order.placed.v1 EDX-100001\n',
    })
  })

  it('says how events have to stand in a file, where none of its lines is one', async () => {
    const pretty = JSON.stringify(JSON.parse(good), undefined, 2)
    const { err } = await testing({ 'a.jsonl': `${pretty}\n${pretty}\n`, 'b.jsonl': `${good}\nrubbish` })
    expect(err).toMatch(/No line of a\.jsonl is an event by itself/)
    expect(err).not.toMatch(/No line of b\.jsonl/)
  })

  it('prints JSON lines for programs', async () => {
    const { out } = await testing({ 'a.jsonl': `${good}\n${broken}\n[]` }, '--json')
    const about = { file: 'a.jsonl', type: 'order.placed.v1', id: 'e-1', producer: 'payments' }
    expect(
      out
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line) as object),
    ).toEqual([
      { ...about, line: 1, verdict: 'ok', key: 'EDX-100001', findings: [] },
      {
        ...about,
        line: 2,
        verdict: 'contract',
        findings: [{ path: 'data.total', message: 'must be an integer' }],
      },
      {
        file: 'a.jsonl',
        line: 3,
        verdict: 'poison',
        findings: [{ path: '', message: 'is not a JSON object' }],
      },
    ])
  })

  it('refuses what is too large and goes on behind it', async () => {
    const piece = Buffer.alloc(300_000, 'x')
    const { out } = await testing({}, '-', {
      input: () => piecesOf('{"id":"', piece, piece, piece, piece, `"}\n${good}\n`),
    })
    expect(out).toBe(
      '-:1 contract event must not be larger than 1000000 bytes\n-:2 ok order.placed.v1 EDX-100001\n',
    )
  })

  it('reads no further while what it has found is not written yet', async () => {
    const flow: string[] = []
    const pieces = async function* () {
      for (let nth = 1; nth <= 3; nth += 1) {
        flow.push(`read ${nth}`)
        yield Buffer.from(`${good}\n${good}\n`)
      }
    }
    const { code } = await testing({}, '-', {
      input: pieces,
      write: async (text) => {
        flow.push(`writing ${text.trimEnd().split('\n').length}`)
        await new Promise(setImmediate)
        flow.push('written')
      },
    })
    expect(code).toBe(0)
    const turn = ['writing 2', 'written']
    expect(flow).toEqual(['read 1', ...turn, 'read 2', ...turn, 'read 3', ...turn])
  })

  it('keeps nothing of what it has judged', async () => {
    setFlagsFromString('--expose-gc')
    const collect = runInNewContext('gc') as () => void
    const held: number[] = []
    const measure = () => {
      collect()
      const { heapUsed, arrayBuffers } = process.memoryUsage()
      held.push(heapUsed + arrayBuffers)
    }
    const pieces = async function* () {
      for (let nth = 0; nth < 260; nth += 1) {
        yield Buffer.from(`${nth % 2 === 0 ? good : broken}\n`.repeat(200))
        if (nth === 59 || nth === 259) measure()
      }
    }
    const { err } = await testing({}, '-', { input: pieces, write: async () => {} })
    expect(err).toMatch(/^52,000 events: 26,000 ok, 26,000 contract; /)
    const [early = 0, late = 0] = held
    // What was read in between is 25 MB, and the verdicts would be 8; code that is still being compiled takes one.
    expect(late - early).toBeLessThan(3_000_000)
  })
})

describe('who may emit', () => {
  it('is looked up in mesh.yaml here, for the source of each event', async () => {
    const stranger = toStructured({ ...submitted, source: '/elsewhere' })
    const { code, out, err } = await testing({
      'mesh.yaml': PRODUCERS,
      'a.jsonl': `${ofShop}\n${stranger}\n${good}`,
    })
    expect(code).toBe(1)
    expect(out.split('\n')).toEqual([
      'a.jsonl:1 ok order.submitted.v1 EDX-100001',
      expect.stringMatching(
        /^a\.jsonl:2 contract order\.submitted\.v1 source may not emit .* owner is gateway/,
      ),
      'a.jsonl:3 ok order.placed.v1 EDX-100001',
      '',
    ])
    expect(err).not.toMatch(NOT_LOOKED_AT)
  })

  it('is looked up in the file that is named, and needs no secrets of services', async () => {
    const secret = 'services: { fulfillment: { lms: { clientSecret: "${NOT_SET}" } } }\n'
    const files = { 'other.yaml': `${PRODUCERS}${secret}`, 'a.jsonl': ofShop }
    expect(await testing(files, '--config other.yaml')).toMatchObject({ code: 0 })
  })

  it('is looked up for another source than the event has yet', async () => {
    const files = { 'mesh.yaml': PRODUCERS, 'a.jsonl': toStructured(sampleEventOf(orderSubmitted)) }
    expect(await testing(files, '--as /example-shop')).toMatchObject({ code: 0 })
    expect(await testing(files, '--as /elsewhere')).toMatchObject({ code: 1 })
  })

  it('is not known without a mesh.yaml, which is said; only --as is held against the owners', async () => {
    expect(await testing({ 'a.jsonl': ofShop })).toMatchObject({
      code: 0,
      err: expect.stringMatching(NOT_LOOKED_AT),
    })
    const named = await testing({ 'a.jsonl': ofShop }, '--as /example-shop')
    expect(named).toMatchObject({ code: 1, out: expect.stringMatching(/source may not emit/) })
    expect(named.err).not.toMatch(NOT_LOOKED_AT)
    expect(await testing({ 'a.jsonl': ofShop }, '--as /commerce-mesh/gateway')).toMatchObject({ code: 0 })
  })

  it('is not guessed from a broken configuration', async () => {
    const { code, out, err } = await testing({ 'mesh.yaml': 'producers: 7\n', 'a.jsonl': ofShop })
    expect({ code, out }).toEqual({ code: 3, out: '' })
    expect(err).toMatch(/MESH_CONFIG_INVALID[^]*mesh\.yaml:1:12 error MESH_CONFIG_TYPE/)
  })
})

describe('what can’t be tested', () => {
  it.each([
    ['a file that is not there', ['a.jsonl', 'nope.jsonl'], /There is no file nope\.jsonl/],
    ['a directory', ['.'], /can’t be read: it is a directory/],
    ['standard input twice', ['-', 'a.jsonl', '-'], /only once/],
    ['nobody', ['a.jsonl', '--as', ''], /--as is empty/],
  ])('%s: nothing is tested at all', async (_what, words, message) => {
    const { code, out, err } = await runHere(
      ['contracts', 'test', ...words],
      directoryWith({ 'a.jsonl': good }),
    )
    expect({ code, out }).toEqual({ code: 2, out: '' })
    expect(err).toMatch(message)
  })
})

describe('plugins', () => {
  it('that can’t be loaded are named, as their events are unknown', async () => {
    const { err } = await testing({ 'mesh.yaml': 'plugins: [./nope.js]\n', 'a.jsonl': good })
    expect(err).toMatch(/MESH_PLUGIN_LOAD .*nope\.js.* Its contracts are not known here\./)
  })
})
