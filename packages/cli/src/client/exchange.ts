import http from 'node:http'
import https from 'node:https'
import { text } from 'node:stream/consumers'

/** One request, as it goes over the wire. */
export type Outgoing = {
  readonly method: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: string | undefined
  readonly signal: AbortSignal
}

/** What came back, the body as text. */
export type Reply = { readonly status: number; readonly text: string }

/**
 * Sends one request and reads the whole answer; redirects are answers too. Over Node's own client, since `fetch` gives
 * up after five minutes without an answer, whatever its signal says.
 *
 * @throws what the connection failed with; an AbortError when the signal aborts.
 */
export const exchange = (url: string, { method, headers, body, signal }: Outgoing): Promise<Reply> =>
  new Promise((resolve, reject) => {
    const { request } = new URL(url).protocol === 'https:' ? https : http
    const sent = request(url, { method, headers, signal, agent: false }, (response) => {
      text(response).then((read) => resolve({ status: response.statusCode ?? 0, text: read }), reject)
    })
    sent.on('error', reject)
    sent.end(body)
  })
