import { z } from 'zod'
import { currency, minorUnits } from '../money/currency.ts'

/** Order number as storefronts write it: `EDX-100001`, `2U-000001`, a UUID. The key of every order event. */
export const orderNumber = z
  .string()
  .min(1)
  .max(64)
  .regex(
    /^[A-Za-z0-9][A-Za-z0-9._-]*$/,
    'must be letters, digits, dot, dash or underscore, such as EDX-100001',
  )
  .describe('Order number as the storefront writes it, such as EDX-100001.')

/** RFC 3339 instant, with `Z` or an offset. */
export const instant = z.iso
  .datetime({
    offset: true,
    error: 'must be an RFC 3339 instant, such as 2026-01-02T03:04:05Z',
  })
  .describe('RFC 3339 instant, with Z or an offset.')

/** Half a surrogate pair can't be sent to anybody, and control characters are no part of a name. */
const isPlainText = (text: string) => text.isWellFormed() && !/\p{Cc}/u.test(text)
const plainText = { error: 'must be well-formed Unicode without control characters' }

/** Who is to be enrolled. At least one way to find the learner in the LMS. */
export const learner = z
  .strictObject({
    lmsUserId: z.int().positive().optional().describe('Numeric id of the LMS user.'),
    username: z
      .string()
      .min(1)
      .max(150)
      .refine(isPlainText, plainText)
      .optional()
      .describe('Name of the LMS user.'),
    email: z
      .email({ pattern: z.regexes.unicodeEmail, error: 'must be an e-mail address' })
      .max(254)
      .refine(isPlainText, plainText)
      .optional()
      .describe(
        'E-mail address, checked no narrower than the LMS does: whether it exists is for the LMS to say.',
      ),
  })
  .refine((who) => who.lmsUserId !== undefined || who.username !== undefined || who.email !== undefined, {
    error: 'must name the learner by lmsUserId, username or email',
  })
  .describe('Who is to be enrolled: at least one way to find the learner in the LMS.')

/** Course key of a course run, `course-v1:Org+Course+Run` (or the older `Org/Course/Run`). */
export const courseId = z
  .string()
  .max(255)
  .regex(
    /^(course-v1:[^/+\s,]+\+[^/+\s,]+\+[^/+\s,]+|[^/+:\s,]+\/[^/+:\s,]+\/[^/+:\s,]+)$/,
    'must be a course key, such as course-v1:edX+DemoX+Demo_Course',
  )
  .describe('Course key of the course run: `course-v1:Org+Course+Run`, or the older `Org/Course/Run`.')

/** Course mode slug of the LMS (interop section 1, "Mode slugs"). Open: operators add their own. */
export const courseMode = z
  .string()
  .max(100)
  .regex(/^[a-z0-9][a-z0-9-]*$/, 'must be a course mode slug, such as verified')
  .describe('Course mode slug of the LMS, such as verified; operators may have slugs of their own.')

/** Id of an order line, unique within its order. */
export const lineId = z.string().min(1).max(255).describe('Id of the order line, unique within its order.')

/** One thing bought. `price` is null where the storefront does not say (the 2023 Coordinator's endpoint). */
export const orderLine = z.strictObject({
  lineId,
  kind: z.literal('seat').describe('What is bought: a seat in a course run.'),
  courseId,
  mode: courseMode,
  price: minorUnits
    .nullable()
    .describe('In the minor unit of the order’s currency; null where the storefront does not say.'),
  creditProvider: z
    .string()
    .min(1)
    .max(255)
    .optional()
    .describe('Needed for mode `credit`: the LMS wants it as the attribute `credit:provider_id`.'),
})

const uniqueLines = (lines: readonly { lineId: string }[]) =>
  new Set(lines.map((line) => line.lineId)).size === lines.length

/** One to a hundred lines with distinct line ids. */
export const orderLines = z
  .array(orderLine)
  .min(1)
  .max(100)
  .refine(uniqueLines, { error: 'lineId must be unique within the order' })
  .describe('What was bought.')

/** Total with its currency; both null where the storefront does not say. */
export const orderTotal = {
  currency: currency
    .nullable()
    .describe('ISO 4217 code of all amounts; null where the storefront does not say.'),
  total: minorUnits
    .nullable()
    .describe(
      'In the currency’s minor unit: 14900 is 149.00 USD, or 14900 JPY; null where the storefront does not say.',
    ),
}

/** Who takes the money: `stripe`, `invoice`, … */
export const paymentProvider = z
  .string()
  .min(1)
  .max(64)
  .regex(/^[a-z0-9][a-z0-9_-]*$/, 'must be a lower-case provider name, such as stripe')
  .describe('Who takes the money: stripe, invoice, …')

/** The provider's own id of the payment: `pi_…`, `INV-1`. */
export const paymentReference = z
  .string()
  .min(1)
  .max(255)
  .describe('The provider’s own id of the payment: `pi_…`, `INV-1`.')

/** Somebody to be enrolled. */
export type Learner = z.output<typeof learner>
/** One thing bought. */
export type OrderLine = z.output<typeof orderLine>
