import { z } from 'zod'

/** A service whose options show every kind of setting; for tests of the configuration. */
export const shop = {
  name: 'shop',
  options: z.strictObject({
    port: z.int().min(0).max(65_535).default(8080),
    strict: z.boolean().default(false),
    apiKey: z.string().min(4).meta({ secret: true }).optional(),
    currency: z.enum(['usd', 'eur']).default('usd'),
    callers: z
      .array(z.strictObject({ name: z.string(), key: z.string().meta({ secret: true }) }))
      .default([]),
    lms: z
      .strictObject({
        url: z.url(),
        auth: z
          .discriminatedUnion('kind', [
            z.strictObject({ kind: z.literal('none') }),
            z.strictObject({ kind: z.literal('token'), token: z.string().meta({ secret: true }) }),
          ])
          .optional(),
      })
      .optional(),
  }),
}

/** A service with a setting that has no default; for tests of the configuration. */
export const desk = { name: 'desk', options: z.strictObject({ url: z.url() }) }
