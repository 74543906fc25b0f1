import { MAX_EVENT_BYTES } from '@commerce-mesh/contracts'
import { describe, expect, it } from '@jest/globals'
import { eventsOf } from './events.ts'
import { piecesOf } from './terminal.fixture.ts'

const all = async (...pieces: readonly string[]) => {
  const found: [number, string][] = []
  for await (const lines of eventsOf(piecesOf(...pieces)))
    for (const { number, bytes } of lines) found.push([number, Buffer.from(bytes).toString()])
  return found
}

const event = { id: 'e-1', data: { lines: [{ price: 1 }, {}] } }
const pretty = JSON.stringify(event, undefined, 2)

describe('eventsOf', () => {
  it('gives one event a line', async () => {
    expect(await all('{"a":1}\n{"b"', ':2}\n\n{"c":3}')).toEqual([
      [1, '{"a":1}'],
      [2, '{"b":2}'],
      [4, '{"c":3}'],
    ])
  })

  it.each([
    ['as it is', pretty],
    ['with ends of Windows and a byte order mark', `\ufeff${pretty.replaceAll('\n', '\r\n')}\r\n`],
    ['in many pieces', ...pretty.split(/(?<=.)/su)],
  ])('takes one event over several lines as one, %s', async (_how, ...pieces) => {
    const [found, ...more] = await all(...pieces)
    expect(more).toEqual([])
    expect([found?.[0], JSON.parse(found?.[1] ?? '')]).toEqual([1, event])
  })

  it('says where such an event begins', async () => {
    expect((await all(`\n\n${pretty}`)).map(([number]) => number)).toEqual([3])
  })

  it.each([
    [
      'whose first line is broken',
      '{"a":\n{"b":2}\n',
      [
        [1, '{"a":'],
        [2, '{"b":2}'],
      ],
    ],
    [
      'whose first line is no JSON at all',
      'a,b\n{"b":2}\n',
      [
        [1, 'a,b'],
        [2, '{"b":2}'],
      ],
    ],
    [
      'of several printed events',
      '{\n}\n{\n}\n',
      [
        [1, '{'],
        [2, '}'],
        [3, '{'],
        [4, '}'],
      ],
    ],
    ['of one broken line', '{"a":', [[1, '{"a":']]],
  ])('leaves the lines of an input %s apart', async (_which, text, lines) => {
    expect(await all(text)).toEqual(lines)
  })

  it('gives the first lines before it has read on, unless they may be part of one event', async () => {
    let pieces = 0
    const long = async function* () {
      while (pieces < 50) {
        pieces += 1
        yield Buffer.from('{"a":1}\n')
      }
    }
    const events = eventsOf(long())
    expect((await events.next()).value).toHaveLength(1)
    expect(pieces).toBe(1)
    await events.return(undefined)
  })

  it('gives up on one event over several lines where that would be too large', async () => {
    let pieces = 0
    const long = async function* () {
      yield Buffer.from('{\n')
      while (pieces < 50) {
        pieces += 1
        yield Buffer.from(`${'x'.repeat(99_999)}\n`)
      }
    }
    const events = eventsOf(long())
    const { value } = await events.next()
    expect(value).toHaveLength(pieces + 1)
    expect(pieces).toBe(MAX_EVENT_BYTES / 100_000)
    expect((await events.next()).value).toHaveLength(1)
    await events.return(undefined)
  })
})
