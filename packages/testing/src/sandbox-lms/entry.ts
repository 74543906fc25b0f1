import { authenticate, requireUser, requireUserOrApiKey } from './auth.ts'
import type { Answer } from './answer.ts'
import type { ApiCall, Lms } from './lms.ts'
import type { Caller } from './user.ts'

/** Who makes a call, or the 401. */
export function callerOf(lms: Lms, call: ApiCall): Caller | Answer {
  return authenticate(call.credentials, {
    apiKey: lms.apiKey,
    tokens: lms.tokens,
    now: call.now,
    account: (username) => lms.catalogue.adopt(username),
  })
}

/** Authentication, permission and throttle of the enrollment API, in the order of Django REST Framework. */
export function enterEnrollmentApi(lms: Lms, call: ApiCall): Caller | Answer {
  const caller = callerOf(lms, call)
  if ('status' in caller) return caller
  const refusal = requireUserOrApiKey(caller) ?? lms.throttle.enrollment(caller, call.address, call.now)
  return refusal ?? caller
}

/** Authentication and permission of the other APIs, which know neither API key nor throttle. */
export function enterAsUser(lms: Lms, call: ApiCall): Caller | Answer {
  const caller = callerOf(lms, call)
  return 'status' in caller ? caller : (requireUser(caller) ?? caller)
}
