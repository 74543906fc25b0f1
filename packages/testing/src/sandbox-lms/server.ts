import { createServer } from 'node:http'
import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { detail } from './answer.ts'
import { ApiServer } from './api.ts'
import { CallLog } from './call-log.ts'
import { Catalogue } from './catalogue.ts'
import { answerControl } from './control.ts'
import { EffectJournal } from './effect-journal.ts'
import { FaultBoard } from './faults.ts'
import { Ledger } from './ledger.ts'
import { resetLms } from './lms.ts'
import { Throttle } from './throttle.ts'
import { Tokens } from './tokens.ts'
import { Traffic } from './traffic.ts'
import { readBody, readTarget, send } from './wire.ts'
import type { CallRecord } from './call-log.ts'
import type { CatalogueOptions } from './catalogue.ts'
import type { ControlDesk } from './control.ts'
import type { FaultsInput } from './faults.ts'
import type { Effect, LedgerEntry } from './ledger.ts'
import type { Lms } from './lms.ts'
import type { ThrottleLimits } from './throttle.ts'
import type { Target } from './wire.ts'

/** How a sandbox LMS is set up; everything has a default. */
export interface SandboxLmsOptions extends CatalogueOptions {
  /** Default 0: any free port. */
  readonly port?: number
  /** Default 127.0.0.1. */
  readonly host?: string
  /** The OAuth2 client. Defaults `mesh` and `mesh-secret`. */
  readonly clientId?: string
  readonly clientSecret?: string
  /** Seconds that a token of the token endpoint lives. Default 3600. */
  readonly tokenLifetimeSeconds?: number
  /** The value of `X-Edx-Api-Key`. Default `mesh-api-key`. */
  readonly apiKey?: string
  /** The HS256 secret of its tokens. Default `sandbox-jwt-secret`. */
  readonly jwtSecret?: string
  /** The LMS's rate limits; `false` for none. Default: its own numbers. The API key is exempt in any case. */
  readonly throttle?: false | ThrottleLimits
  /** Milliseconds since 1970: decides on expiry, enrollment dates and rate limits. Latency is always real. */
  readonly now?: () => number
  /** Each effect is appended here before its call is answered; a sandbox started on an existing file has its effects again. */
  readonly journalFile?: string
}

/** A running sandbox LMS. */
export interface SandboxLms {
  /** `http://host:port`, without a slash at the end. */
  readonly url: string
  readonly port: number
  /** Stops and breaks every open connection. */
  close(): Promise<void>
  /** One per learner and course run about which an enrollment POST came in. */
  effects(): Effect[]
  /** The latest 10,000 API requests that are over, oldest first. */
  calls(): CallRecord[]
  /** Replaces the faults in force. @throws ZodError where they are not as `faultSettings` has them. */
  setFaults(faults: FaultsInput): void
  /** Back to the start: nothing enrolled, counted or set; what is under way is reset. Issued tokens stay good. */
  reset(): void
}

function openJournal(path: string | undefined, lms: Omit<Lms, 'journal'>): EffectJournal | null {
  if (path === undefined) return null
  const restore = (entry: LedgerEntry): void => {
    lms.catalogue.admitUsername(entry.user)
    lms.catalogue.admitCourse(entry.courseId)
    lms.ledger.restore(entry)
  }
  return EffectJournal.open(path, restore, () => lms.ledger.reset())
}

function createLms(options: SandboxLmsOptions): Lms {
  const lms = {
    catalogue: new Catalogue(options),
    ledger: new Ledger(),
    traffic: new Traffic(),
    throttle: new Throttle(options.throttle),
    tokens: new Tokens(options.jwtSecret ?? 'sandbox-jwt-secret'),
    apiKey: options.apiKey ?? 'mesh-api-key',
    client: {
      clientId: options.clientId ?? 'mesh',
      clientSecret: options.clientSecret ?? 'mesh-secret',
      lifetimeSeconds: options.tokenLifetimeSeconds ?? 3600,
    },
    optIns: new Map<string, unknown>(),
  }
  return { ...lms, journal: openJournal(options.journalFile, lms) }
}

function serveControl(
  desk: ControlDesk,
  request: IncomingMessage,
  response: ServerResponse,
  path: string,
  query: Target['query'],
): void {
  readBody(request, (text) => {
    if (text === null) return send(response, detail(413, 'The body is longer than 1 MiB.'))
    const answer = answerControl(desk, { method: request.method ?? '', path, query, text })
    return send(response, answer)
  })
}

function listen(server: Server, port: number, host: string): Promise<AddressInfo> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, host, () => {
      server.off('error', reject)
      const address = server.address()
      if (address === null || typeof address === 'string')
        reject(new Error('The sandbox LMS has no TCP port.'))
      else resolve(address)
    })
  })
}

function close(server: Server): Promise<void> {
  return new Promise((resolve, reject) => {
    server.close((error) => (error ? reject(error) : resolve()))
    server.closeAllConnections()
  })
}

/**
 * Starts an in-memory stand-in for the Open edX LMS over HTTP, as interop sections 1 and 2 state it, with control endpoints
 * under `/_sandbox/` (they need no credentials: never put it on a public address).
 * @throws Error where the port is taken or the journal file is not one of a sandbox.
 */
export async function startSandboxLms(options: SandboxLmsOptions = {}): Promise<SandboxLms> {
  const now = options.now ?? Date.now
  const lms = createLms(options)
  const faults = new FaultBoard()
  const calls = new CallLog()
  const api = new ApiServer({ lms, faults, calls, now })
  const desk: ControlDesk = {
    lms,
    calls,
    faults,
    setFaults(input) {
      faults.set(input)
      if (faults.settings.down) api.goDown()
    },
    reset() {
      api.forget()
      resetLms(lms, now())
      faults.clear()
      calls.reset()
    },
  }
  const server = createServer({ keepAliveTimeout: 60_000 }, (request, response) => {
    const target = readTarget(request.url ?? '')
    const { path, query } = target
    if (path?.startsWith('/_sandbox')) serveControl(desk, request, response, path, query)
    else api.serve(request, response, target)
  })
  const host = options.host ?? '127.0.0.1'
  try {
    const { port } = await listen(server, options.port ?? 0, host)
    return running(desk, api, server, port, host)
  } catch (error) {
    lms.journal?.close()
    throw error
  }
}

function running(desk: ControlDesk, api: ApiServer, server: Server, port: number, host: string): SandboxLms {
  let closed: Promise<void> | null = null
  return {
    url: `http://${host.includes(':') ? `[${host}]` : host}:${port}`,
    port,
    close() {
      api.stop()
      closed ??= close(server).finally(() => desk.lms.journal?.close())
      return closed
    },
    effects: () => desk.lms.ledger.effects(),
    calls: () => desk.calls.latest(),
    setFaults: desk.setFaults,
    reset: desk.reset,
  }
}
