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

/** RFC 3339 instant, with `Z` or an offset. */
export const instant = z.iso.datetime({
  offset: true,
  error: 'must be an RFC 3339 instant, such as 2026-01-02T03:04:05Z',
})

/** Half a surrogate pair can't be sent to anybody, and control characters are no part of a name. */
const isPlainText = (text: string) => text.isWellFormed() && !/\p{Cc}/u.test(text)
const plainText = { error: 'must be well-formed Unicode without control characters' }

/** Who is to be enrolled. At least one way to find the learner in the LMS. */
export const learner = z
  .strictObject({
    /** Numeric id of the LMS user. */
    lmsUserId: z.int().positive().optional(),
    username: z.string().min(1).max(150).refine(isPlainText, plainText).optional(),
    /** As wide as the LMS's own check: whether the address exists is for the LMS to say. */
    email: z
      .email({ pattern: z.regexes.unicodeEmail, error: 'must be an e-mail address' })
      .max(254)
      .refine(isPlainText, plainText)
      .optional(),
  })
  .refine((who) => who.lmsUserId !== undefined || who.username !== undefined || who.email !== undefined, {
    error: 'must name the learner by lmsUserId, username or email',
  })

/** Course key of a course run, `course-v1:Org+Course+Run` (or the older `Org/Course/Run`). */
export const courseId = z
  .string()
  .max(255)
  .regex(
    /^(course-v1:[^/+\s,]+\+[^/+\s,]+\+[^/+\s,]+|[^/+:\s,]+\/[^/+:\s,]+\/[^/+:\s,]+)$/,
    'must be a course key, such as course-v1:edX+DemoX+Demo_Course',
  )

/** Course mode slug of the LMS (interop section 1, "Mode slugs"). Open: operators add their own. */
export const courseMode = z
  .string()
  .max(100)
  .regex(/^[a-z0-9][a-z0-9-]*$/, 'must be a course mode slug, such as verified')

/** Id of an order line, unique within its order. */
export const lineId = z.string().min(1).max(255)

/** One thing bought. `price` is null where the storefront does not say (the 2023 Coordinator's endpoint). */
export const orderLine = z.strictObject({
  lineId,
  kind: z.literal('seat'),
  courseId,
  mode: courseMode,
  price: minorUnits.nullable(),
  /** Needed for mode `credit`: the LMS wants the attribute `credit:provider_id`. */
  creditProvider: z.string().min(1).max(255).optional(),
})

const uniqueLines = (lines: readonly { lineId: string }[]) =>
  new Set(lines.map((line) => line.lineId)).size === lines.length

/** One to a hundred lines with distinct line ids. */
export const orderLines = z
  .array(orderLine)
  .min(1)
  .max(100)
  .refine(uniqueLines, { error: 'lineId must be unique within the order' })

/** Total with its currency; both null where the storefront does not say. */
export const orderTotal = { currency: currency.nullable(), total: minorUnits.nullable() }

/** Who takes the money: `stripe`, `invoice`, … */
export const paymentProvider = z
  .string()
  .min(1)
  .max(64)
  .regex(/^[a-z0-9][a-z0-9_-]*$/, 'must be a lower-case provider name, such as stripe')

/** The provider's own id of the payment: `pi_…`, `INV-1`. */
export const paymentReference = z.string().min(1).max(255)

/** Somebody to be enrolled. */
export type Learner = z.output<typeof learner>
/** One thing bought. */
export type OrderLine = z.output<typeof orderLine>
