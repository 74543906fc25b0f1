import net from 'node:net'
import type { AddressInfo } from 'node:net'
import { serve } from './serve.ts'

// An LMS that knows nobody and enrolls everybody, written for little CPU: the sandbox LMS, which checks and keeps what it
// is told, would be the limit on two cores. It can hold its answers back, so that what is measured begins all at once.

type Mode = 'answer' | 'hold' | 'down'

/** What the measuring process sets. */
export type StubSettings = { readonly mode?: Mode; readonly latencyMs?: number }

/** How long something took, in milliseconds, and how many calls that were under way at once it saw. */
export type StubRun = { readonly ms: number; readonly requests: number; readonly most: number }

const HEAD_END = '\r\n\r\n'
const ENROLLMENT = JSON.stringify({
  created: '2026-11-21T12:00:00Z',
  mode: 'verified',
  is_active: true,
  user: 'learner',
  course_details: { course_id: 'course-v1:Load+X+2026', course_name: 'Load', invite_only: false },
})
const TOKEN = JSON.stringify({ access_token: 'stub', expires_in: 36_000, token_type: 'JWT' })

const response = (body: string): string =>
  `HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n${body}`
const answers = { GET: response('null'), POST: response(ENROLLMENT), token: response(TOKEN) }

let mode: Mode = 'answer'
let latencyMs = 0
let held: (() => void)[] = []
let inFlight = 0
let posts = 0
let requests = 0
let most = 0
let watcher: { reached: () => boolean; tell: () => void } | undefined

const look = () => {
  if (watcher?.reached() !== true) return
  const { tell } = watcher
  watcher = undefined
  tell()
}

/** Resolves when a condition holds that only changes with a call. */
const until = (reached: () => boolean) =>
  new Promise<void>((resolve) => {
    watcher = { reached, tell: resolve }
    look()
  })

const later = (work: () => void) => {
  if (latencyMs === 0) work()
  else setTimeout(work, latencyMs)
}

const take = (socket: net.Socket, line: string) => {
  if (line.startsWith('POST /oauth2')) return void socket.write(answers.token)
  if (mode === 'down') return void socket.resetAndDestroy()
  const isWrite = line.startsWith('POST')
  requests++
  most = Math.max(most, ++inFlight)
  const answer = () => {
    inFlight--
    if (isWrite) posts++
    if (!socket.destroyed) socket.write(isWrite ? answers.POST : answers.GET)
    look()
  }
  if (mode === 'answer') return later(answer)
  held.push(answer)
  look()
}

const server = net.createServer({ noDelay: true }, (socket) => {
  let received = ''
  socket.setEncoding('latin1')
  socket.on('error', () => {})
  socket.on('data', (chunk) => {
    received += String(chunk)
    for (;;) {
      const end = received.indexOf(HEAD_END)
      if (end === -1) return
      const head = received.slice(0, end)
      const length = Number(/\r\ncontent-length: (\d+)/i.exec(head)?.[1] ?? 0)
      if (received.length < end + 4 + length) return
      received = received.slice(end + 4 + length)
      take(socket, head.slice(0, head.indexOf('\r\n')))
    }
  })
})

/** Gives the answers that were held back, and tells when so many enrollments are written. */
const release = async (orders: number): Promise<StubRun> => {
  posts = requests = 0
  most = inFlight
  const started = performance.now()
  const waiting = held
  held = []
  mode = 'answer'
  for (const answer of waiting) later(answer)
  await until(() => posts >= orders)
  return { ms: performance.now() - started, requests: requests + waiting.length, most }
}

const answer = async (question: string, detail: unknown): Promise<unknown> => {
  if (question === 'set') {
    const settings = detail as StubSettings
    mode = settings.mode ?? mode
    latencyMs = settings.latencyMs ?? latencyMs
    return undefined
  }
  if (question === 'held') return until(() => held.length >= (detail as number))
  if (question === 'release') return release(detail as number)
  return { posts }
}

server.listen(0, '127.0.0.1', () => {
  serve({ url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` }, answer, async () => {
    server.close()
    process.nextTick(() => process.exit(0))
  })
})
