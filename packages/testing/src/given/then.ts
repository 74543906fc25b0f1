import type { EventContract } from '@commerce-mesh/contracts'
import { CATALOGUE, type Draft, type Exhaustion, type Outcome } from '@commerce-mesh/mesh/plugin'
import { z } from 'zod'
import { firstNotJson, storedCopy } from './plain-json.ts'

/** An emitted event as a plain value: its type (`order.fulfilled.v1`) and its data. */
export type Emitted = { readonly type: string; readonly data: unknown }

/** What came of it, as plain values for `toEqual` and `toMatchObject`. Fields that an outcome lacks are not there. */
export type Then<S> = {
  readonly outcome: Outcome<S>['outcome']
  readonly code?: string
  readonly reason?: string
  /** Milliseconds, on `retry`. */
  readonly afterMs?: number
  readonly scope?: 'record' | 'dependency'
  readonly lines?: Readonly<Record<string, string>>
  /** The next state; the given one where the handler left it as it was. */
  readonly state: S
  readonly events: readonly Emitted[]
}

/** What an event leaves behind whose retry time has run out. */
export type ThenExhausted<S> = Pick<Then<S>, 'state' | 'events' | 'lines'>

/** Data as its contract describes it. @throws TypeError naming each field that breaks it. */
export const keepingContract = (contract: EventContract, data: unknown, who: string): unknown => {
  const parsed = contract.data.safeParse(data)
  if (parsed.success) return parsed.data
  throw new TypeError(`${who} breaks the contract of ${contract.type}:\n${z.prettifyError(parsed.error)}`)
}

const emitted = (drafts: readonly Draft[] = [], handler: string): Emitted[] =>
  drafts.map(({ contract, data }) => ({
    type: contract.type,
    data: keepingContract(contract, data, `An event emitted by '${handler}'`),
  }))

const nextState = <S>(given: S, decided: S | undefined, handler: string): S => {
  const wrong = firstNotJson(decided ?? null, 'state')
  if (wrong !== undefined) {
    throw new TypeError(
      `'${handler}' decided on a state that no store can keep: ${wrong} is not a JSON value.`,
    )
  }
  return storedCopy(decided ?? given)
}

const checkCode = (code: string, handler: string) => {
  if (code.startsWith('MESH_') && !Object.hasOwn(CATALOGUE, code)) {
    throw new TypeError(`'${handler}' answered with code ${code}, which is not in the error catalogue.`)
  }
}

/** Checks an outcome as the runtime would, and lays it out flat. */
export const thenOf = <S>(given: S, result: Outcome<S>, handler: string): Then<S> => {
  if ('code' in result) checkCode(result.code, handler)
  const { state, events, ...rest } = result
  return { ...rest, state: nextState(given, state, handler), events: emitted(events, handler) }
}

/** The same for what `exhausted` leaves behind. */
export const thenExhaustedOf = <S>(given: S, left: Exhaustion<S>, handler: string): ThenExhausted<S> => {
  const { state, events, ...rest } = left
  return { ...rest, state: nextState(given, state, handler), events: emitted(events, handler) }
}
