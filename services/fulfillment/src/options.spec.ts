import { describe, expect, it } from '@jest/globals'
import { z } from 'zod'
import { fulfillmentOptions, lmsOptionsOf, rateLimitOf } from './options.ts'

const lms = { url: 'https://lms.example.org', clientId: 'mesh', clientSecret: 'secret' }

describe('the options of fulfillment', () => {
  it('need an LMS and a client, and nothing else', () => {
    expect(fulfillmentOptions.parse({ lms })).toEqual({
      concurrency: 16,
      lms: { ...lms, requestTimeoutMs: 10_000, tokenRefreshSeconds: 60 },
      emailOptIn: { send: false },
    })
    expect(fulfillmentOptions.safeParse({ lms: { url: lms.url } }).success).toBe(false)
  })

  it.each([
    ['an unknown key', { lms, concurency: 3 }],
    ['another scheme', { lms: { ...lms, url: 'ftp://lms.example.org' } }],
    ['no address', { lms: { ...lms, url: 'lms' } }],
    ['an empty secret', { lms: { ...lms, clientSecret: '' } }],
    ['a token refreshed too late', { lms: { ...lms, tokenRefreshSeconds: 4 } }],
    ['a rate of nothing', { lms: { ...lms, rateLimit: { perMinute: 0, burst: 1 } } }],
    ['a rate without burst', { lms: { ...lms, rateLimit: { perMinute: 10 } } }],
    ['rateLimit: true', { lms: { ...lms, rateLimit: true } }],
  ])('refuse %s', (_what, given) => {
    expect(fulfillmentOptions.safeParse(given).success).toBe(false)
  })

  it('limit the rate below the LMS’s own 120 per minute, unless there is an API key, or the operator says otherwise', () => {
    const limit = rateLimitOf(fulfillmentOptions.parse({ lms }).lms)
    expect(limit && limit.burst + limit.perMinute).toBeLessThan(120)
    expect(rateLimitOf({ ...lms, apiKey: 'key' })).toBe(false)
    expect(rateLimitOf({ ...lms, rateLimit: false })).toBe(false)
    expect(rateLimitOf({ ...lms, apiKey: 'key', rateLimit: { perMinute: 5, burst: 1 } })).toEqual({
      perMinute: 5,
      burst: 1,
    })
  })

  it('describe every field, for the reference', () => {
    const undescribed: string[] = []
    const visit = (schema: z.core.JSONSchema.BaseSchema, path: string) => {
      for (const [name, field] of Object.entries(schema.properties ?? {})) {
        if (typeof field === 'boolean') continue
        if (field.description === undefined) undescribed.push(`${path}.${name}`)
        for (const inner of [field, ...(field.anyOf ?? [])])
          if (typeof inner !== 'boolean') visit(inner, `${path}.${name}`)
      }
    }
    visit(z.toJSONSchema(fulfillmentOptions, { io: 'input' }), 'fulfillment')
    expect(undescribed).toEqual([])
  })
})

describe('the connections to the LMS', () => {
  it('are as many as orders are handled at once, unless the operator says otherwise', () => {
    expect(lmsOptionsOf(fulfillmentOptions.parse({ concurrency: 64, lms })).connections).toBe(64)
    expect(lmsOptionsOf(fulfillmentOptions.parse({ lms: { ...lms, connections: 4 } })).connections).toBe(4)
  })
})
