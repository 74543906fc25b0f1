import type { IncomingMessage, ServerResponse } from 'node:http'
import { detail, page, serverError } from './answer.ts'
import { Exchange } from './exchange.ts'
import { faultAnswer } from './faults.ts'
import { findRoute } from './routes.ts'
import { readBody, readJson } from './wire.ts'
import type { Answer } from './answer.ts'
import type { CallLog } from './call-log.ts'
import type { FaultBoard, FaultPlan } from './faults.ts'
import type { ApiCall, Lms } from './lms.ts'
import type { FoundRoute } from './routes.ts'
import type { Target } from './wire.ts'

/** What {@link ApiServer} works with. */
export interface ApiParts {
  readonly lms: Lms
  readonly faults: FaultBoard
  readonly calls: CallLog
  /** Milliseconds since 1970. */
  readonly now: () => number
}

function header(request: IncomingMessage, name: string): string | undefined {
  const value = request.headers[name]
  return typeof value === 'string' ? value : undefined
}

/** The LMS's own endpoints: each request is read, delayed and struck by faults as set, then carried out. */
export class ApiServer {
  readonly #parts: ApiParts
  readonly #open = new Set<Exchange>()
  /** May outlive its connection: the LMS carries a request out although its client has gone. */
  readonly #waiting = new Set<Exchange>()
  #generation = 0

  constructor(parts: ApiParts) {
    this.#parts = parts
  }

  serve(request: IncomingMessage, response: ServerResponse, target: Target): void {
    const { traffic } = this.#parts.lms
    const path = target.path ?? request.url ?? ''
    const isEnrollmentApi = path.startsWith('/api/enrollment/')
    if (isEnrollmentApi) traffic.begin()
    const generation = this.#generation
    const exchange = new Exchange(request, response, path, this.#parts.now(), (ended, record) => {
      if (isEnrollmentApi) traffic.end()
      this.#open.delete(ended)
      if (generation === this.#generation) this.#parts.calls.add(record)
    })
    this.#open.add(exchange)
    if (this.#parts.faults.settings.down) this.#resetAsDown(exchange)
    else if (target.path === null) exchange.answer(page(400, '400 Bad Request'))
    else readBody(request, (text) => this.#proceed(exchange, request, target, path, text))
  }

  /** As if the server was gone: everything under way is reset and nothing of it carried out any more. */
  goDown(): void {
    this.stop()
    for (const exchange of this.#open) this.#resetAsDown(exchange)
  }

  /** As {@link goDown}, and nothing of it will be in the log. */
  forget(): void {
    this.#generation += 1
    this.goDown()
  }

  /** Nothing that waits for a delay is carried out any more. */
  stop(): void {
    for (const exchange of this.#waiting) exchange.stop()
    this.#waiting.clear()
  }

  #resetAsDown(exchange: Exchange): void {
    exchange.fault = 'down'
    exchange.reset()
  }

  #proceed(
    exchange: Exchange,
    request: IncomingMessage,
    target: Target,
    path: string,
    text: string | null,
  ): void {
    const { lms, faults } = this.#parts
    if (text === null) return exchange.answer(detail(413, 'The body is longer than 1 MiB.'))
    const method = request.method ?? ''
    const found = findRoute(method, path)
    const call = this.#read(request, target, path, text, 'route' in found ? found.params : [])
    if ('route' in found) exchange.subject = found.route.subject(lms, call)
    this.#countCall(exchange, found)
    const plan = faults.plan({ method, path, ...exchange.subject })
    exchange.fault = plan.kind
    this.#waiting.add(exchange)
    exchange.after(plan.delayMs, () => {
      this.#waiting.delete(exchange)
      this.#finish(exchange, plan, found, call)
    })
  }

  #countCall({ subject }: Exchange, found: FoundRoute | Answer): void {
    const isPost = 'route' in found && found.route.path === '/api/enrollment/v1/enrollment'
    if (!isPost || subject.user === null || subject.courseId === null) return
    this.#parts.lms.ledger.countCall(subject.user, subject.courseId, subject.orderNumber)
  }

  #finish(exchange: Exchange, plan: FaultPlan, found: FoundRoute | Answer, call: ApiCall): void {
    if (plan.kind === 'reset') return exchange.reset()
    const instead = faultAnswer(plan)
    if (instead) return exchange.answer(instead)
    const answer = this.#answer(found, call)
    if (plan.kind === 'success-then-reset') exchange.reset()
    else if (plan.kind !== 'success-then-timeout') exchange.answer(answer)
  }

  #answer(found: FoundRoute | Answer, call: ApiCall): Answer {
    if (!('route' in found)) return found
    try {
      return found.route.answer(this.#parts.lms, call)
    } catch (error) {
      // A bug of the sandbox, or a journal that cannot be written: whoever runs it must see it.
      process.stderr.write(`The sandbox LMS failed on ${call.method} ${call.path}: ${String(error)}\n`)
      return serverError
    }
  }

  #read(
    request: IncomingMessage,
    target: Target,
    path: string,
    text: string,
    params: readonly string[],
  ): ApiCall {
    const isForm = path.startsWith('/oauth2/')
    return {
      method: request.method ?? '',
      path,
      query: target.query,
      credentials: {
        authorization: request.headers.authorization,
        apiKey: header(request, 'x-edx-api-key'),
      },
      text,
      json: isForm ? { value: {} } : readJson(text, request.headers['content-type']),
      address: request.socket.remoteAddress ?? '',
      origin: `http://${request.headers.host ?? ''}`,
      now: this.#parts.now(),
      params,
    }
  }
}
