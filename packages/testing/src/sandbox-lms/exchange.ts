import type { IncomingMessage, ServerResponse } from 'node:http'
import { send } from './wire.ts'
import type { Answer } from './answer.ts'
import type { CallRecord } from './call-log.ts'
import type { Subject } from './lms.ts'

/** What an exchange tells when it is over. */
export type ExchangeEnd = (exchange: Exchange, record: CallRecord) => void

/** An API request from its arrival until it is answered, reset or given up. */
export class Exchange {
  readonly #request: IncomingMessage
  readonly #response: ServerResponse
  readonly #begun = performance.now()
  #timer: NodeJS.Timeout | null = null
  #status: number | null = null
  /** Filled in while the request is read. */
  subject: Subject = { user: null, courseId: null, orderNumber: null }
  /** Filled in when a fault strikes. */
  fault: CallRecord['fault'] = null

  /**
   * @param path decoded; @param at milliseconds since 1970; @param ended is told once, when the answer is out or the
   * connection is gone.
   */
  constructor(
    request: IncomingMessage,
    response: ServerResponse,
    path: string,
    at: number,
    ended: ExchangeEnd,
  ) {
    this.#request = request
    this.#response = response
    response.on('close', () => ended(this, this.#record(path, at)))
  }

  /**
   * Goes on after a delay in real milliseconds, also when the client has given up by then, as the LMS does.
   */
  after(delayMs: number, next: () => void): void {
    if (delayMs <= 0) next()
    else this.#timer = setTimeout(next, delayMs)
  }

  answer(answer: Answer): void {
    this.#status = answer.status
    send(this.#response, answer)
  }

  /** Breaks the connection with a TCP reset; no answer will be given any more. */
  reset(): void {
    this.#status = null
    this.#request.socket.resetAndDestroy()
  }

  /** Forgets what was to come after a delay. */
  stop(): void {
    if (this.#timer) clearTimeout(this.#timer)
  }

  #record(path: string, at: number): CallRecord {
    const traceparent = this.#request.headers['traceparent']
    return {
      at,
      method: this.#request.method ?? '',
      path,
      ...this.subject,
      traceparent: typeof traceparent === 'string' ? traceparent : null,
      status: this.#status,
      fault: this.fault,
      durationMs: performance.now() - this.#begun,
    }
  }
}
