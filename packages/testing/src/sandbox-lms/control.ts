import { z } from 'zod'
import { json } from './answer.ts'
import { faultSettings } from './faults.ts'
import { notFound } from './routes.ts'
import type { Answer } from './answer.ts'
import type { CallLog } from './call-log.ts'
import type { FaultBoard, FaultsInput } from './faults.ts'
import type { Lms } from './lms.ts'

/** What the control endpoints read and steer. */
export interface ControlDesk {
  readonly lms: Lms
  readonly calls: CallLog
  readonly faults: FaultBoard
  /** Sets faults; `down` also resets what is under way. */
  readonly setFaults: (faults: FaultsInput) => void
  readonly reset: () => void
}

/** A control request: the path is decoded and begins with `/_sandbox`. */
export interface ControlRequest {
  readonly method: string
  readonly path: string
  readonly query: URLSearchParams
  readonly text: string
}

type Control = (desk: ControlDesk, request: ControlRequest, params: readonly string[]) => Answer

const limit = z.coerce.number().int().min(1).max(10_000).default(10_000)

function badRequest(what: string, error: z.ZodError): Answer {
  const findings = error.issues.map((issue) => ({ path: issue.path.join('.'), message: issue.message }))
  return json(400, { message: what, findings })
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function setFaults(desk: ControlDesk, request: ControlRequest): Answer {
  const body = parseJson(request.text)
  if (body === undefined) {
    const findings = [{ path: '', message: 'Not JSON.' }]
    return json(400, { message: 'The faults were not changed.', findings })
  }
  const read = faultSettings.safeParse(body)
  if (!read.success) return badRequest('The faults were not changed.', read.error)
  desk.setFaults(read.data)
  return json(200, desk.faults.settings)
}

function clearFaults(desk: ControlDesk): Answer {
  desk.faults.clear()
  return json(200, desk.faults.settings)
}

function listCalls(desk: ControlDesk, request: ControlRequest): Answer {
  const read = limit.safeParse(request.query.get('limit') ?? undefined)
  if (!read.success) return badRequest('limit must be a whole number from 1 to 10000.', read.error)
  return json(200, desk.calls.latest(read.data))
}

function oneEffect(desk: ControlDesk, _request: ControlRequest, params: readonly string[]): Answer {
  const [user = '', courseId = ''] = params
  const found = desk.lms.ledger.effect(user, courseId)
  return found
    ? json(200, found)
    : json(404, { message: `No call was ever made about ${user} in ${courseId}.` })
}

function attributes(desk: ControlDesk, _request: ControlRequest, params: readonly string[]): Answer {
  const [user = '', courseId = ''] = params
  const found = desk.lms.ledger.enrollment(user, courseId)
  return found
    ? json(200, found.attributes)
    : json(404, { message: `${user} has no enrollment in ${courseId}.` })
}

function account(desk: ControlDesk, _request: ControlRequest, params: readonly string[]): Answer {
  const user = desk.lms.catalogue.user(params[0] ?? '')
  if (!user) return json(404, { message: `There is no account ${params[0]}.` })
  const optIns = [...desk.lms.optIns].filter(([key]) => key.startsWith(`${user.username},`))
  return json(200, {
    ...user,
    isDeactivated: desk.lms.catalogue.isDeactivated(user.username),
    emailOptIns: Object.fromEntries(
      optIns.map(([key, value]) => [key.slice(user.username.length + 1), value]),
    ),
  })
}

function reset(desk: ControlDesk): Answer {
  desk.reset()
  return json(200, { reset: true })
}

function resetStats(desk: ControlDesk): Answer {
  desk.lms.traffic.reset()
  return json(200, desk.lms.traffic.stats())
}

const controls: readonly (readonly [method: string, path: string, pattern: RegExp, control: Control])[] = [
  ['GET', '/_sandbox/healthz', /^\/_sandbox\/healthz$/, () => json(200, { status: 'ok' })],
  ['GET', '/_sandbox/effects', /^\/_sandbox\/effects$/, (desk) => json(200, desk.lms.ledger.effects())],
  ['GET', '/_sandbox/effects/{user},{course_id}', /^\/_sandbox\/effects\/([^,]+),(.+)$/, oneEffect],
  ['GET', '/_sandbox/attributes/{user},{course_id}', /^\/_sandbox\/attributes\/([^,]+),(.+)$/, attributes],
  ['GET', '/_sandbox/accounts/{user}', /^\/_sandbox\/accounts\/([^/]+)$/, account],
  ['GET', '/_sandbox/calls?limit={1..10000}', /^\/_sandbox\/calls$/, listCalls],
  ['GET', '/_sandbox/stats', /^\/_sandbox\/stats$/, (desk) => json(200, desk.lms.traffic.stats())],
  ['POST', '/_sandbox/stats/reset', /^\/_sandbox\/stats\/reset$/, resetStats],
  ['GET', '/_sandbox/faults', /^\/_sandbox\/faults$/, (desk) => json(200, desk.faults.settings)],
  ['POST', '/_sandbox/faults', /^\/_sandbox\/faults$/, setFaults],
  ['DELETE', '/_sandbox/faults', /^\/_sandbox\/faults$/, clearFaults],
  ['POST', '/_sandbox/reset', /^\/_sandbox\/reset$/, reset],
]

/** Answers a request to the sandbox itself. No credentials are asked for, no fault strikes it, and it is in no log. */
export function answerControl(desk: ControlDesk, request: ControlRequest): Answer {
  for (const [method, , pattern, control] of controls) {
    const found = method === request.method ? pattern.exec(request.path) : null
    if (found) return control(desk, request, found.slice(1))
  }
  return notFound(controls.map(([method, path]) => `${method} ${path}`))
}
