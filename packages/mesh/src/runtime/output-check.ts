import type { EventContract } from '@commerce-mesh/contracts'
import { circleIn, lineageOf } from '../aggregate/hops.ts'
import { factsIn } from '../aggregate/seal.ts'
import type { Attempt } from '../aggregate/settle.ts'
import { MeshError } from '../errors/mesh-error.ts'
import type { HandlerDeclaration } from '../service/handler.ts'
import type { Draft } from '../service/outcome.ts'

const refuseUndeclared = (
  drafts: readonly Draft[],
  { emits }: Pick<HandlerDeclaration, 'emits'>,
  ofService: ReadonlySet<string>,
): void => {
  const mayEmit = ({ type }: EventContract) =>
    ofService.has(type) && (emits === undefined || emits.some((declared) => declared.type === type))
  const stray = drafts.find(({ contract }) => !mayEmit(contract))
  if (stray === undefined) return
  const { type } = stray.contract
  // It may have no topic: publishing it would fail for ever.
  throw new MeshError(
    'MESH_HANDLER_OUTPUT',
    `The handler emitted a ${type}, which ${ofService.has(type) ? 'it' : 'its service'} does not declare in emits.`,
  )
}

/** Who only takes what goes round in a circle is handled as ever: the circle ends where it would go on. */
const refuseCircle = (drafts: readonly Draft[], { event }: Pick<Attempt<never>, 'event'>): void => {
  if (drafts.length === 0) return
  const circle = circleIn(lineageOf(event), factsIn(drafts))
  if (circle !== undefined) throw new MeshError('MESH_EVENT_LOOP', circle)
}

/** One decision is one document and one request to the bus. */
const MOST_EVENTS = 1_000

const refuseFlood = (drafts: readonly Draft[]): void => {
  if (drafts.length <= MOST_EVENTS) return
  throw new MeshError(
    'MESH_HANDLER_OUTPUT',
    `The handler emitted ${drafts.length} events in one decision; at most ${MOST_EVENTS} are taken.`,
  )
}

const isState = (state: unknown): boolean => typeof state !== 'function' && typeof state !== 'symbol'

/**
 * Looks at what a handler decided, before it is sealed.
 *
 * @param ofService - types of the events that its service declares.
 * @throws MeshError MESH_HANDLER_OUTPUT for too many events, an event that was not declared and a state that JSON would leave out;
 * MESH_EVENT_LOOP for one more event of a circle.
 */
export const demandSoundOutput = <S>(
  made: Attempt<S>,
  handler: Pick<HandlerDeclaration, 'emits'>,
  ofService: ReadonlySet<string>,
): void => {
  const { outcome, exhaustion } = made
  if (!isState(outcome.state) || !isState(exhaustion?.state))
    throw new MeshError('MESH_HANDLER_OUTPUT', 'The handler decided on a state that is no JSON.')
  const drafts = [...(outcome.events ?? []), ...(exhaustion?.events ?? [])]
  refuseFlood(drafts)
  refuseUndeclared(drafts, handler, ofService)
  refuseCircle(drafts, made)
}
