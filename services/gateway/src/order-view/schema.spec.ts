import { describe, expect, it } from '@jest/globals'
import { z } from 'zod'
import { orderStatusSchema, timelineEntrySchema } from './schema.ts'

describe('the schemas of the answer', () => {
  it('can be written as JSON Schema, for the OpenAPI document', () => {
    expect(z.toJSONSchema(orderStatusSchema)).toMatchObject({
      type: 'object',
      required: ['orderNumber', 'status', 'submittedBy', 'lines', 'timeline'],
      additionalProperties: false,
    })
    const entry = z.toJSONSchema(timelineEntrySchema)
    expect(JSON.stringify(entry)).toMatch(/"const":"event".*"const":"hop".*"const":"dead-letter"/)
  })
})
