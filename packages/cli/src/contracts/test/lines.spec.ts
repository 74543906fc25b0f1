import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { type Line, linesOf } from './lines.ts'
import { piecesOf } from './terminal.fixture.ts'

const MOST = 1_000

const all = async (pieces: AsyncIterable<Uint8Array>, most = MOST): Promise<readonly Line[]> => {
  const found: Line[] = []
  for await (const lines of linesOf(pieces, most)) found.push(...lines)
  return found
}

const texts = (lines: readonly Line[]) =>
  lines.map(({ number, bytes }) => [number, Buffer.from(bytes).toString()])

describe('linesOf', () => {
  it.each([
    ['nothing', '', []],
    ['one line', 'a\n', [[1, 'a']]],
    [
      'a last line without its end',
      'a\nb',
      [
        [1, 'a'],
        [2, 'b'],
      ],
    ],
    [
      'blank lines, which count',
      '\n \t\na\n\r\n\nb\n\n',
      [
        [3, 'a'],
        [6, 'b'],
      ],
    ],
    [
      'ends of Windows',
      'a\r\nb\r\nc\r',
      [
        [1, 'a'],
        [2, 'b'],
        [3, 'c'],
      ],
    ],
    [
      'a byte order mark',
      '\ufeffa\nb\n',
      [
        [1, 'a'],
        [2, 'b'],
      ],
    ],
    ['nothing but a byte order mark', '\ufeff\r\na', [[2, 'a']]],
    ['blanks around a line, which are its own', ' a \n', [[1, ' a ']]],
    [
      'a byte order mark further down, which is the line’s own',
      'a\n\ufeffb\n',
      [
        [1, 'a'],
        [2, '\ufeffb'],
      ],
    ],
  ])('%s', async (_what, text, lines) => {
    expect(texts(await all(piecesOf(text)))).toEqual(lines)
  })

  it('gives the same lines in whatever pieces they come', async () => {
    const text = fc
      .array(fc.oneof(fc.constantFrom('\n', '\r\n', ' ', '\ufeff', 'é'), fc.string({ maxLength: 4 })))
      .map((parts) => Buffer.from(parts.join('')))
    await fc.assert(
      fc.asyncProperty(text, fc.array(fc.nat(30), { maxLength: 8 }), async (bytes, cuts) => {
        const places = [0, ...cuts.toSorted((a, b) => a - b), bytes.length]
        const pieces = places.slice(1).map((end, at) => bytes.subarray(places[at], end))
        expect(texts(await all(piecesOf(...pieces)))).toEqual(texts(await all(piecesOf(bytes))))
      }),
    )
  })

  it('gives lines while the input goes on', async () => {
    const read: string[] = []
    const pieces = async function* () {
      for (const text of ['a\nb', '\nc\n', 'd']) {
        read.push(text)
        yield Buffer.from(text)
      }
    }
    const lines = linesOf(pieces(), MOST)
    expect(texts((await lines.next()).value as readonly Line[])).toEqual([[1, 'a']])
    expect(read).toEqual(['a\nb'])
    await lines.return(undefined)
  })

  it('keeps no more of a long line than tells that it is one, and goes on behind it', async () => {
    const piece = 'x'.repeat(700)
    const [long, next] = await all(piecesOf(piece, piece, piece, '\nnext\n'), MOST)
    expect(long?.bytes.length).toBeGreaterThan(MOST)
    expect(long?.bytes.length).toBeLessThan(MOST + 10)
    expect([next?.number, Buffer.from(next?.bytes ?? []).toString()]).toEqual([2, 'next'])
  })

  it('leaves a line of the largest size whole, also between mark and carriage return', async () => {
    const [line] = await all(piecesOf('\ufeff', 'x'.repeat(MOST), '\r\n'), MOST)
    expect(line?.bytes.length).toBe(MOST)
    const [longer] = await all(piecesOf('\ufeff', 'x'.repeat(MOST + 1), '\r\n'), MOST)
    expect(longer?.bytes.length).toBe(MOST + 1)
  })
})
