import { message, serverError } from './answer.ts'
import type { Answer } from './answer.ts'

/** `{namespace, name, value}` as the LMS keeps it with an enrollment. */
export interface EnrollmentAttribute {
  readonly namespace: string
  readonly name: string
  readonly value: string
}

/** The fields of an enrollment POST that the LMS looks at; absent and JSON null are alike to it. */
export interface EnrollmentRequest {
  readonly username: string | null
  readonly email: string | null
  readonly courseId: string | null
  readonly mode: string | null
  /** As sent: anything but a boolean is refused later, after the checks that the LMS makes first. */
  readonly isActive: unknown
  readonly forceEnrollment: unknown
  readonly emailOptIn: unknown
  /** As sent; see {@link readAttributes}. */
  readonly attributes: unknown
}

type Fields = Readonly<Record<string, unknown>>

function fields(value: unknown): Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : {}
}

function text(value: unknown): string | null {
  if (value === undefined || value === null || value === '') return null
  return typeof value === 'string' ? value : JSON.stringify(value)
}

/** Reads the body of an enrollment POST; what is missing or has the wrong shape is `null`. */
export function readEnrollmentRequest(body: unknown): EnrollmentRequest {
  const sent = fields(body)
  return {
    username: text(sent['user']),
    email: text(sent['email']),
    courseId: text(fields(sent['course_details'])['course_id']),
    mode: text(sent['mode']),
    isActive: sent['is_active'] ?? null,
    forceEnrollment: sent['force_enrollment'] ?? null,
    emailOptIn: sent['email_opt_in'] ?? null,
    attributes: sent['enrollment_attributes'] ?? null,
  }
}

/** What {@link readAttributes} found. */
export interface ReadAttributes {
  /** `null` where none were sent. */
  readonly attributes: readonly EnrollmentAttribute[] | null
  /** The LMS stumbles over these before it does anything: its answer. */
  readonly refusal: Answer | null
  /** The LMS notices only while storing, after the enrollment was changed: its answer then. */
  readonly lateRefusal: Answer | null
}

/**
 * Reads `enrollment_attributes`. Without a namespace or name the view itself fails (500, nothing changed); without a value
 * the LMS answers 400 although the enrollment is changed already. Source: the enrollment view and `_invalid_attribute`.
 */
export function readAttributes(sent: unknown): ReadAttributes {
  if (sent === null) return { attributes: null, refusal: null, lateRefusal: null }
  const failed = { attributes: null, refusal: serverError, lateRefusal: null }
  if (!Array.isArray(sent)) return failed
  const attributes: EnrollmentAttribute[] = []
  let withoutValue = false
  for (const each of sent) {
    const attribute = fields(each)
    if (!('namespace' in attribute) || !('name' in attribute)) return failed
    withoutValue ||= !('value' in attribute)
    attributes.push({
      namespace: text(attribute['namespace']) ?? '',
      name: text(attribute['name']) ?? '',
      value: text(attribute['value']) ?? '',
    })
  }
  const lateRefusal = withoutValue ? message(400, "'value' not in enrollment attribute") : null
  return { attributes, refusal: null, lateRefusal }
}

/** The order number among the attributes of a POST's body, `null` where there is none. */
export function orderNumberOf(request: EnrollmentRequest): string | null {
  const { attributes } = readAttributes(request.attributes)
  const found = attributes?.find((each) => each.namespace === 'order' && each.name === 'order_number')
  return found?.value ?? null
}
