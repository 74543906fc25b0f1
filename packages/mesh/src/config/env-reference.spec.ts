import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { resolveReferences } from './env-reference.ts'

describe('resolveReferences', () => {
  const env = { HOST: 'lms.example.com', EMPTY: '', BRACE: '${HOST}' }

  it.each([
    ['plain', 'plain'],
    ['${HOST}', 'lms.example.com'],
    ['https://${HOST}/api', 'https://lms.example.com/api'],
    ['${NONE:-fallback}', 'fallback'],
    ['${NONE:-}', ''],
    ['${EMPTY:-fallback}', 'fallback'],
    ['${HOST:-fallback}', 'lms.example.com'],
    ['${NONE:-a:-b}', 'a:-b'],
    ['$${HOST}', '${HOST}'],
    ['$HOST', '$HOST'],
    ['${HOST}${HOST}', 'lms.example.comlms.example.com'],
  ])('%s gives %s', (text, filled) => {
    expect(resolveReferences(text, env)).toMatchObject({ text: filled, missing: [], malformed: [] })
  })

  it('does not look for references in what a variable holds', () => {
    expect(resolveReferences('${BRACE}', env).text).toBe('${HOST}')
  })

  it.each(['${NONE}', '${EMPTY}'])('%s is missing', (text) => {
    expect(resolveReferences(text, env).missing).toEqual([text.slice(2, -1)])
  })

  it.each(['${', '${}', '${HOST', '${1ST}', '${HOST:fallback}', '${HO ST}'])('%s is malformed', (text) => {
    expect(resolveReferences(text, env).malformed).toEqual([text])
  })

  it.each([
    ['${HOST}', ''],
    ['${NONE}', ''],
    ['${NONE:-}', ''],
    ['${NONE:-dev}', 'dev'],
    ['${HOST:-dev}', ''],
    ['key-${HOST}', 'key-'],
    ['a${HOST}b${NONE:-c}d$${e', 'abcd${e'],
    ['plain', 'plain'],
  ])('of %s, %j stands in the file', (text, written) =>
    expect(resolveReferences(text, env).written).toBe(written),
  )

  it('leaves text without ${ as it is', () => {
    fc.assert(
      fc.property(
        fc.string().filter((text) => !text.includes('${')),
        (text) =>
          expect(resolveReferences(text, {})).toMatchObject({ text, names: [], missing: [], malformed: [] }),
      ),
    )
  })
})
