import { CONTRACTS, fromStructured, parseEvent } from '@commerce-mesh/contracts'
import { describe, expect, it } from '@jest/globals'
import { directoryWith, piecesOf, runHere } from '../test/terminal.fixture.ts'

const directory = directoryWith({ 'mesh.yaml': '' })

const sample = (...words: readonly string[]) => runHere(['contracts', 'sample', ...words], directory)

const test = (text: string) => runHere(['contracts', 'test', '-'], directory, { input: () => piecesOf(text) })

const types = CONTRACTS.map(({ type }) => type)

describe('mesh contracts sample', () => {
  it('lists every type without one', async () => {
    const { code, out } = await sample()
    expect(code).toBe(0)
    for (const { summary } of CONTRACTS) expect(out).toContain(`  ${summary}\n`)
    expect(
      out
        .trimEnd()
        .split('\n')
        .map((line) => line.split(' ')[0]),
    ).toEqual(types)
  })

  it.each(types)('%s: prints an event to read, and `contracts test` takes it', async (type) => {
    const { code, out } = await sample(type)
    expect(code).toBe(0)
    expect(out).toMatch(/^\{\n {2}"specversion": "1\.0",\n/)
    expect(await test(out)).toMatchObject({ code: 0, out: expect.stringMatching(`^-:1 ok ${type} `) })
  })

  it.each(types)('%s: prints many with ids and keys of their own', async (type) => {
    const { out } = await sample(type, '--count', '1200')
    const contract = CONTRACTS.find((one) => one.type === type)
    const events = out
      .trimEnd()
      .split('\n')
      .map((line) => fromStructured(line))
    expect(new Set(events.map(({ id }) => id)).size).toBe(1_200)
    expect(new Set(events.map(({ subject }) => subject)).size).toBe(1_200)
    for (const event of events.slice(0, 20))
      expect(contract?.key(parseEvent(contract, event).data)).toBe(event.subject)
    expect((await test(out)).err).toMatch(/^1,200 events: 1,200 ok; /)
  })

  it('prints only the data', async () => {
    expect(JSON.parse((await sample('order.placed.v1', '--data')).out)).toMatchObject({
      orderNumber: 'EDX-100001',
      total: 14_900,
    })
    const { out } = await sample('order.placed.v1', '--data', '--count', '2')
    expect(
      out
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line) as object),
    ).toMatchObject([{ orderNumber: 'EDX-100001' }, { orderNumber: 'EDX-100002' }])
  })

  it.each([
    [
      ['order.plased.v1'],
      /no event 'order\.plased\.v1'\.\nDid you mean: mesh contracts sample order\.placed\.v1/,
    ],
    [['order.placed'], /Did you mean: mesh contracts sample order\.placed\.v1/],
    [['something.else.v1'], /mesh contracts sample lists them/],
    [['order.placed.v1', '--count', '0'], /--count must be a whole number/],
    [['--count', '5'], /TYPE is missing/],
    [['--data'], /TYPE is missing/],
  ])('refuses %j', async (words, message) => {
    const { code, out, err } = await sample(...words)
    expect({ code, out }).toEqual({ code: 2, out: '' })
    expect(err).toMatch(message)
  })
})
