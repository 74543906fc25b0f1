import { EventFormatError, validateData } from '@commerce-mesh/contracts'
import type { CloudEvent } from '@commerce-mesh/contracts'
import { MeshError, NO_OUTCOME, isOutcome } from '@commerce-mesh/mesh'
import type { DeclaredService, Draft, Handler, Outcome } from '@commerce-mesh/mesh'

/** What a handler would decide, as far as it is told: its state stays out. */
export type Decided = {
  readonly outcome: Outcome<unknown>['outcome']
  readonly code?: string
  readonly reason?: string
  readonly drafts: readonly Draft[]
}

/** What a handler that is run for an explanation is given. */
export type Given = {
  readonly event: CloudEvent<unknown>
  readonly state: unknown
  readonly options: unknown
  readonly now: Date
}

const TRACEPARENT = '00-00000000000000000000000000000001-0000000000000001-00'

/** What the runtime makes of what a handler throws, at its first attempt. */
const thrownBy = (thrown: unknown): Decided =>
  thrown instanceof MeshError
    ? {
        outcome: thrown.retryable ? 'retry' : 'dead',
        code: thrown.code,
        reason: thrown.message,
        drafts: [],
      }
    : {
        outcome: 'retry',
        code: 'MESH_HANDLER_THREW',
        reason: `the handler threw ${Error.isError(thrown) ? thrown.name : typeof thrown}`,
        drafts: [],
      }

const breach = ({ findings }: EventFormatError): string =>
  findings.map(({ path, message }) => `${path === '' ? 'data' : path} ${message}`).join('; ')

/** What keeps an event from being emitted; undefined where nothing does. */
const faultOf = (
  { contract, data }: Draft,
  { emits }: Pick<Handler, 'emits'>,
  service: Pick<DeclaredService, 'name' | 'emits'>,
): string | undefined => {
  const declares = (list: DeclaredService['emits']) => list.some(({ type }) => type === contract.type)
  if (!declares(service.emits)) return `it emits ${contract.type}, which ${service.name} does not declare`
  if (emits !== undefined && !declares(emits))
    return `it emits ${contract.type}, which it does not declare itself`
  try {
    validateData(contract, data)
    return undefined
  } catch (thrown) {
    if (thrown instanceof EventFormatError)
      return `it emits a ${contract.type} that breaks its contract: ${breach(thrown)}`
    throw thrown
  }
}

/** Runs a handler that promises to do nothing but decide, and makes of it what the runtime would. Never throws. */
export const decide = async (
  handler: Handler,
  service: Pick<DeclaredService, 'name' | 'emits'>,
  { event, state, options, now }: Given,
): Promise<Decided> => {
  const context = {
    now,
    attempt: 1,
    signal: new AbortController().signal,
    traceparent: TRACEPARENT,
    options,
  }
  try {
    const made: unknown = await handler.handle(event as CloudEvent<never>, state, context as never)
    if (!isOutcome(made))
      return { outcome: 'retry', code: 'MESH_HANDLER_THREW', reason: NO_OUTCOME, drafts: [] }
    const drafts = made.events ?? []
    const fault = drafts.map((draft) => faultOf(draft, handler, service)).find((one) => one !== undefined)
    if (fault !== undefined)
      return { outcome: 'dead', code: 'MESH_HANDLER_OUTPUT', reason: fault, drafts: [] }
    return {
      outcome: made.outcome,
      ...('code' in made && { code: made.code }),
      ...(made.reason !== undefined && { reason: made.reason }),
      drafts,
    }
  } catch (thrown) {
    return thrownBy(thrown)
  }
}
