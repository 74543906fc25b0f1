import { createPacer, type Metrics, type Tracer } from '@commerce-mesh/mesh'
import { rateLimitOf, type LmsOptions } from '../options.ts'
import { classify } from './classify.ts'
import { enrollmentBody, enrollmentPath } from './enrollment-request.ts'
import { createTokens } from './oauth2.ts'
import type { AccountQuery, Lms } from './port.ts'
import { readAccountsAnswer, readEnrollmentAnswer } from './read-answers.ts'
import { createSession } from './session.ts'
import { createTransport } from './transport.ts'

/** What the client needs of the runtime. */
export type LmsClientContext = {
  readonly metrics: Pick<Metrics, 'count' | 'observe'>
  readonly now: () => Date
  readonly tracer: Tracer
}

const accountsPath = (query: AccountQuery) => {
  const search = 'email' in query ? { email: query.email } : { lms_user_id: String(query.lmsUserId) }
  return `/api/user/v1/accounts?${new URLSearchParams(search).toString()}`
}

/** An Open edX LMS over HTTP. `close` frees its connections. */
export const createLmsClient = (
  options: LmsOptions,
  context: LmsClientContext,
): Lms & { close(): Promise<void> } => {
  const now = () => context.now().getTime()
  const transport = createTransport(options, context.metrics, context.tracer)
  const limit = rateLimitOf(options)
  const request = createSession({
    transport,
    tokens: createTokens(options, transport, now),
    ...(options.apiKey !== undefined && { apiKey: options.apiKey }),
    ...(limit !== false && { pacer: createPacer(limit) }),
  })
  return {
    findUsername: async (query, call) => {
      const answer = await request(
        { operation: 'find-account', method: 'GET', path: accountsPath(query) },
        call,
      )
      return 'status' in answer ? readAccountsAnswer(answer, now()) : answer
    },
    readEnrollment: async (username, courseId, call) => {
      const path = enrollmentPath(username, courseId)
      const answer = await request({ operation: 'read-enrollment', method: 'GET', path }, call)
      return 'status' in answer ? readEnrollmentAnswer(answer, now()) : answer
    },
    writeEnrollment: async (wish, call) => {
      const path = '/api/enrollment/v1/enrollment'
      const answer = await request(
        { operation: 'write-enrollment', method: 'POST', path, json: enrollmentBody(wish) },
        call,
      )
      return 'status' in answer ? classify(answer, wish, now()) : answer
    },
    close: () => transport.close(),
  }
}
