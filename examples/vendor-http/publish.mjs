// A vendor without Kafka publishes an event to the mesh over HTTP.
//
//   MESH_URL=http://127.0.0.1:8080 MESH_KEY=mesh_… node publish.mjs [--binary] order.json
//
// Ends with 0 once the event is durable in the mesh, with 1 when it was refused or could not be handed over.
import { readFile } from 'node:fs/promises'
import { setTimeout as pause } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import {
  EventFormatError,
  STRUCTURED_CONTENT_TYPE,
  orderSubmitted,
  toHttpBinary,
  toStructured,
  validateData,
} from '@commerce-mesh/contracts'

/** A slash and the name of the caller that the API key was made for. */
const SOURCE = '/example-shop'
const ATTEMPTS = 5
const TIMEOUT_MS = 10_000

/** The event of an order. Its id is the same for each attempt, so that it counts once. @throws EventFormatError */
export const eventOf = (order) => {
  const data = validateData(orderSubmitted, order)
  return {
    id: `order-${data.orderNumber}`,
    source: SOURCE,
    type: orderSubmitted.type,
    time: data.placedAt,
    datacontenttype: 'application/json',
    extensions: {},
    data,
  }
}

/** The event as an HTTP message: whole in the body, or with its attributes in headers. */
export const messageOf = (event, binary) =>
  binary
    ? toHttpBinary(event)
    : { headers: { 'content-type': STRUCTURED_CONTENT_TYPE }, body: toStructured(event) }

const secondsOf = (response, attempt) => {
  const asked = Number(response?.headers.get('retry-after') ?? Number.NaN)
  return Number.isFinite(asked) ? asked : 2 ** attempt
}

/** A proxy in between may answer with a page. */
const bodyOf = (response) =>
  response.json().catch(() => ({ code: 'no answer of the mesh', detail: response.statusText }))

/**
 * Hands an event over. Tries again while the mesh is busy, down or out of reach: the same event again does no harm.
 *
 * @returns status and body of the last answer; undefined where there was none.
 */
export const publish = async (
  event,
  { url, key, binary = false, fetch = globalThis.fetch, wait = pause },
) => {
  const { headers, body } = messageOf(event, binary)
  for (let attempt = 0; ; attempt += 1) {
    const response = await fetch(new URL('/v1/events', url), {
      method: 'POST',
      headers: { ...headers, authorization: `Bearer ${key}` },
      body,
      signal: AbortSignal.timeout(TIMEOUT_MS),
    }).catch(() => undefined)
    const mayHelp = response === undefined || response.status === 429 || response.status >= 500
    if (mayHelp && attempt + 1 < ATTEMPTS) await wait(secondsOf(response, attempt) * 1_000)
    else return response && { status: response.status, body: await bodyOf(response) }
  }
}

/** What happened, for people; the problem's findings are all there is to mend. */
export const linesOf = (answer) => {
  if (answer === undefined) return ['The mesh can’t be reached; nothing is lost, run this again.']
  const { status, body } = answer
  if (status === 202) return [`202 ${body.type} ${body.key} is durable as ${body.eventId}`]
  const findings = (body.errors ?? []).map(({ path, message }) => `  ${path} ${message}`)
  return [`${status} ${body.code}: ${body.detail}`, ...findings]
}

const main = async (args, env) => {
  const file = args.find((argument) => !argument.startsWith('--'))
  if (file === undefined || env.MESH_URL === undefined || env.MESH_KEY === undefined) {
    console.error('Usage: MESH_URL=… MESH_KEY=… node publish.mjs [--binary] order.json')
    return 2
  }
  try {
    const event = eventOf(JSON.parse(await readFile(file, 'utf8')))
    const binary = args.includes('--binary')
    const answer = await publish(event, { url: env.MESH_URL, key: env.MESH_KEY, binary })
    for (const line of linesOf(answer)) console.log(line)
    return answer?.status === 202 ? 0 : 1
  } catch (error) {
    if (!(error instanceof EventFormatError)) throw error
    for (const { path, message } of error.findings) console.error(`${path} ${message}`)
    return 1
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url))
  process.exitCode = await main(process.argv.slice(2), process.env)
