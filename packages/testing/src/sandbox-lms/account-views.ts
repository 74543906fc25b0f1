import { empty, forbidden, json, serverError } from './answer.ts'
import { enterAsUser } from './entry.ts'
import type { Answer } from './answer.ts'
import type { ApiCall, Lms, Subject } from './lms.ts'
import type { Caller, SandboxUser } from './user.ts'

/** An account as `caller` may see it: staff and the learner everything, others next to nothing. */
function renderAccount(user: SandboxUser, caller: Caller): Record<string, unknown> {
  const open = { username: user.username, profile_image: { has_image: false }, account_privacy: 'private' }
  if (!caller.user?.isStaff && caller.user?.username !== user.username) return open
  return {
    ...open,
    id: user.id,
    email: user.email,
    is_active: user.isActive,
    name: user.username,
    date_joined: '2020-01-01T00:00:00Z',
    last_login: null,
    country: null,
    language_proficiencies: [],
    requires_parental_consent: false,
    secondary_email: null,
  }
}

type Found = readonly SandboxUser[] | 'not found' | 'not an integer'

/** The filter that counts: the LMS looks at `username`, else `email`, else `lms_user_id`, else it is the caller. */
function findAccounts(lms: Lms, call: ApiCall, caller: Caller): Found {
  const usernames = call.query.get('username')
  const email = call.query.get('email')
  const id = call.query.get('lms_user_id')
  const one = (user: SandboxUser | null | undefined): Found => (user ? [user] : 'not found')
  if (usernames) {
    const found = usernames.split(',').flatMap((name) => lms.catalogue.user(name) ?? [])
    return found.length > 0 ? found : 'not found'
  }
  if (email) return one(lms.catalogue.userByEmail(email))
  if (!id) return one(caller.user)
  return /^\s*[+-]?\d+\s*$/.test(id) ? one(lms.catalogue.userById(Number(id))) : 'not an integer'
}

/** `GET /api/user/v1/accounts?lms_user_id=|username=a,b|email=`: a list; 404 where nobody is found. */
export function listAccounts(lms: Lms, call: ApiCall): Answer {
  const caller = enterAsUser(lms, call)
  if ('status' in caller) return caller
  const asksForPrivate = call.query.has('lms_user_id') || call.query.has('email')
  if (asksForPrivate && !caller.user?.isStaff) return forbidden
  const found = findAccounts(lms, call, caller)
  if (found === 'not found') return empty(404)
  if (found === 'not an integer') return empty(400)
  return json(
    200,
    found.map((user) => renderAccount(user, caller)),
  )
}

/** Whom an account query is about, for faults by user; with `autoCreate` it brings them into being. */
export function subjectOfQuery(lms: Lms, call: ApiCall): Subject {
  const username = call.query.get('username')
  const email = call.query.get('email')
  const id = Number(call.query.get('lms_user_id') ?? Number.NaN)
  if (username) for (const name of username.split(',')) lms.catalogue.admitUsername(name)
  else if (email) lms.catalogue.admitEmail(email)
  else lms.catalogue.admitId(id)
  const found = email ? lms.catalogue.userByEmail(email) : lms.catalogue.userById(id)
  return { user: username || (found?.username ?? null), courseId: null, orderNumber: null }
}

/**
 * `POST /api/user/v1/accounts/{username}/deactivate/`: takes the password away and answers with the account, whose
 * `is_active` stays as it was. Nobody of that name: 500, because the LMS's view does not expect it.
 */
export function deactivateAccount(lms: Lms, call: ApiCall): Answer {
  const caller = enterAsUser(lms, call)
  if ('status' in caller) return caller
  if (!caller.user?.isStaff) return forbidden
  const user = lms.catalogue.user(call.params[0] ?? '')
  if (!user) return serverError
  lms.catalogue.deactivate(user.username)
  return json(200, renderAccount(user, caller))
}

/** Whom `accounts/{username}/deactivate/` is about. */
export function subjectOfAccount(_lms: Lms, call: ApiCall): Subject {
  return { user: call.params[0] ?? null, courseId: null, orderNumber: null }
}
