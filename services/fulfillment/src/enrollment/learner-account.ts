import type { OrderPlaced } from '@commerce-mesh/contracts'
import type { AccountQuery, Call, Lms } from '../lms/port.ts'
import { permanent, type Known, type Trouble } from '../lms/verdict.ts'
import type { OrderState } from './order-state.ts'

type Learner = OrderPlaced['learner']

const queryFor = ({ lmsUserId, email }: Learner): AccountQuery | undefined =>
  lmsUserId !== undefined ? { lmsUserId } : email !== undefined ? { email } : undefined

const nameOf = (query: AccountQuery) =>
  'email' in query ? `email:${query.email}` : `lmsUserId:${query.lmsUserId}`

/** No account can have such a name; an LMS may fail on it instead of saying so. */
const isNoName = (username: string) => !username.isWellFormed() || /\p{Cc}/u.test(username)

/** Username for this learner, and what to remember of the look-up. */
export type Account = { readonly username: string; readonly remember?: NonNullable<OrderState['account']> }

/**
 * The learner's username: as the order says it, or as it was looked up for the same learner before, or looked up now by
 * LMS user id or email. What was remembered for one learner is never used for another.
 */
export const accountOf = async (
  learner: Learner,
  state: OrderState,
  lms: Lms,
  call: Call,
): Promise<Known<Account> | Trouble> => {
  if (learner.username !== undefined && isNoName(learner.username))
    return permanent(
      'MESH_LMS_LEARNER_UNKNOWN',
      'The learner’s username holds characters that no account has.',
    )
  if (learner.username !== undefined) return { verdict: 'known', value: { username: learner.username } }
  const query = queryFor(learner)
  if (query === undefined)
    return permanent('MESH_LMS_LEARNER_UNKNOWN', 'The order does not name its learner.')
  const of = nameOf(query)
  if (state.account?.of === of) return { verdict: 'known', value: { username: state.account.username } }
  const found = await lms.findUsername(query, call)
  if (found.verdict !== 'known') return found
  return { verdict: 'known', value: { username: found.value, remember: { of, username: found.value } } }
}
