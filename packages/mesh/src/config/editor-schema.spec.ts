import { describe, expect, it } from '@jest/globals'
import { editorSchema } from './editor-schema.ts'
import { jsonSchemaOf, schemasAt } from '../finding/json-schema.ts'
import { shop } from './shop.fixture.ts'

describe('editorSchema', () => {
  const schema = editorSchema(jsonSchemaOf(shop.options))
  const allows = (path: string) =>
    schemasAt(schema, path.split('.')).some(({ pattern }) => pattern === '\\$\\{')

  it.each(['port', 'strict', 'currency', 'apiKey', 'lms.url'])('lets a reference stand in %s', (path) => {
    expect(allows(path)).toBe(true)
  })

  it('leaves free text and sections as they are', () => {
    expect(allows('callers')).toBe(false)
    expect(allows('lms')).toBe(false)
    expect(schema.properties?.['callers']?.items?.properties?.['name']).toEqual({ type: 'string' })
  })

  it('keeps what editors show', () => {
    expect(schema.properties?.['port']).toMatchObject({
      default: 8080,
      anyOf: [{ type: 'integer', maximum: 65_535 }, { type: 'string' }],
    })
  })
})
