import fs from 'node:fs'
import path from 'node:path'
import { type Diagnostic, Parser } from '@asyncapi/parser'
import { CONTRACTS } from '@commerce-mesh/contracts'
import { describe, expect, it } from '@jest/globals'

const root = path.resolve(import.meta.dirname, '../../../../..')

const text = fs.readFileSync(path.join(root, 'docs', 'asyncapi.json'), 'utf8')

const parser = new Parser()

/** As the parser counts: 0 is an error, 1 a warning, 2 and 3 are hints. */
const WARNING = 1

const seriousOf = (diagnostics: readonly Diagnostic[]) =>
  diagnostics
    .filter(({ severity }) => severity <= WARNING)
    .map(({ message, path: at }) => `${at.join('.')}: ${message}`)

describe('docs/asyncapi.json', () => {
  it('is right, as the AsyncAPI parser finds', async () => {
    const { document, diagnostics } = await parser.parse(text)
    expect(seriousOf(diagnostics)).toEqual([])
    expect(document?.version()).toBe('3.0.0')
    expect(
      document
        ?.channels()
        .all()
        .map((channel) => channel.address()),
    ).toEqual(CONTRACTS.map(({ type }) => type))
  })

  it.each([
    [
      'a reference to nothing',
      '"#/components/schemas/order.placed.v1"',
      '"#/components/schemas/order.placed"',
      'order.placed',
    ],
    ['a type that there is not', '"type": "object"', '"type": "thing"', 'type'],
  ])('would be found wrong with %s', async (_what, right, wrong, found) => {
    expect(text).toContain(right)
    const { diagnostics } = await parser.parse(text.replace(right, wrong))
    expect(seriousOf(diagnostics).join('\n')).toContain(found)
  })
})
