import { z } from 'zod'
import { detail, page, serverError, unauthenticated } from './answer.ts'
import type { Answer } from './answer.ts'

/**
 * What can be made to go wrong. Only `slow` and the two `success-then-…` carry the request out.
 * `malformed` is a 200 whose JSON breaks off; `…-timeout` never answers and keeps the connection open.
 */
export const faultKinds = [
  '401',
  '429',
  '500',
  '503',
  'slow',
  'reset',
  'success-then-reset',
  'success-then-timeout',
  'malformed',
] as const

/** One of {@link faultKinds}. */
export type FaultKind = (typeof faultKinds)[number]

const milliseconds = z.int().min(0).max(600_000)

const faultMatch = z.strictObject({
  method: z
    .string()
    .regex(/^[A-Z]+$/, 'Write the method in capitals, for example POST.')
    .optional(),
  /** The beginning of the decoded path. */
  path: z.string().startsWith('/').optional(),
  user: z.string().optional(),
  courseId: z.string().optional(),
})

const faultRule = z.strictObject({
  /** Each named field must match; without any, every API request does. */
  match: faultMatch.default({}),
  fault: z.enum(faultKinds),
  /** For 429 and 503: the `Retry-After` header; without it, none is sent. */
  retryAfterSeconds: z.int().min(0).max(86_400).optional(),
  /** Wait before anything is done or answered; `slow` without it waits 5 seconds. */
  delayMs: milliseconds.optional(),
  /** How often the rule fires; without it, until it is cleared. */
  times: z.int().min(1).optional(),
  /** The share of matching requests that it strikes, 0 to 1. */
  probability: z.number().min(0).max(1).default(1),
})

/** The body of `POST /_sandbox/faults`; it replaces what was set before. */
export const faultSettings = z.strictObject({
  /** Added to every API request before it is carried out, so that it occupies the server. */
  latencyMs: milliseconds.default(0),
  /** A random part of up to so much is added to `latencyMs`. */
  jitterMs: milliseconds.default(0),
  /** The first rule that matches and fires decides. */
  rules: z.array(faultRule).max(1_000).default([]),
  /** Every API request is reset unread, and those under way too, as if the server was gone. */
  down: z.boolean().default(false),
})

/** What {@link faultSettings} accepts. */
export type FaultsInput = z.input<typeof faultSettings>
/** {@link FaultsInput} with the defaults filled in. */
export type Faults = z.output<typeof faultSettings>
type FaultRule = Faults['rules'][number]

/** What a rule may match on. */
export interface FaultTarget {
  readonly method: string
  /** Decoded, without the query. */
  readonly path: string
  readonly user: string | null
  readonly courseId: string | null
}

/** Whether a rule is about a request. */
function matches({ match }: FaultRule, target: FaultTarget): boolean {
  return (
    (match.method === undefined || match.method === target.method) &&
    (match.path === undefined || target.path.startsWith(match.path)) &&
    (match.user === undefined || match.user === target.user) &&
    (match.courseId === undefined || match.courseId === target.courseId)
  )
}

/** What is to happen to one request. */
export interface FaultPlan {
  readonly delayMs: number
  readonly kind: FaultKind | null
  readonly retryAfterSeconds: number | undefined
}

/** The faults in force. */
export class FaultBoard {
  #settings: Faults = faultSettings.parse({})
  readonly #random: () => number

  /** @param random as `Math.random`: from 0 up to but not including 1. */
  constructor(random: () => number = Math.random) {
    this.#random = random
  }

  get settings(): Faults {
    return this.#settings
  }

  /** @throws ZodError where the settings are not as {@link faultSettings} has them. */
  set(input: FaultsInput): void {
    this.#settings = faultSettings.parse(input)
  }

  clear(): void {
    this.set({})
  }

  /** Decides about a request, and uses up one of the `times` of the rule that strikes it. */
  plan(target: FaultTarget): FaultPlan {
    const { latencyMs, jitterMs, rules } = this.#settings
    const latency = latencyMs + (jitterMs > 0 ? Math.round(this.#random() * jitterMs) : 0)
    const rule = rules.find((each) => matches(each, target) && this.#fires(each))
    if (!rule) return { delayMs: latency, kind: null, retryAfterSeconds: undefined }
    this.#useUp(rule)
    const delay = rule.delayMs ?? (rule.fault === 'slow' ? 5_000 : 0)
    return { delayMs: latency + delay, kind: rule.fault, retryAfterSeconds: rule.retryAfterSeconds }
  }

  #fires({ probability }: FaultRule): boolean {
    return probability === 1 || this.#random() < probability
  }

  #useUp(rule: FaultRule): void {
    if (rule.times === undefined) return
    rule.times -= 1
    if (rule.times === 0) this.#settings.rules = this.#settings.rules.filter((each) => each !== rule)
  }
}

const brokenOff: Answer = {
  status: 200,
  contentType: 'application/json',
  body: '{"created": "2026-01-01T00:00:00Z", "mode": "ver',
  headers: {},
}

/** The answer that a fault gives in place of the LMS's own; `null` where the request is carried out or no answer comes. */
export function faultAnswer({ kind, retryAfterSeconds }: FaultPlan): Answer | null {
  const after: Record<string, string> =
    retryAfterSeconds === undefined ? {} : { 'retry-after': String(retryAfterSeconds) }
  switch (kind) {
    case '401':
      return unauthenticated('Token has expired.')
    case '429':
      return detail(429, 'Request was throttled.', after)
    case '500':
      return serverError
    case '503':
      return page(503, '503 Service Temporarily Unavailable', after)
    case 'malformed':
      return brokenOff
    case 'slow':
    case 'reset':
    case 'success-then-reset':
    case 'success-then-timeout':
    case null:
      return null
  }
}
