import type { EventContract } from '../event.ts'

/** What stands where a personal value stood. */
export const REDACTED = '[personal]'

type Path = readonly PropertyKey[]

const isContainer = (value: unknown): value is object => typeof value === 'object' && value !== null

const hide = (holder: object, path: Path): void => {
  const [segment, ...rest] = path
  const keys =
    segment === '*'
      ? Object.keys(holder)
      : segment !== undefined && Object.hasOwn(holder, segment)
        ? [segment]
        : []
  for (const key of keys) {
    const value: unknown = Reflect.get(holder, key)
    if (value === undefined || value === null) continue
    // Something flat where an object should be may be the personal value itself.
    if (rest.length === 0 || !isContainer(value)) Reflect.set(holder, key, REDACTED)
    else hide(value, rest)
  }
}

/** Paths of what the contract does not know: nobody has said that it is not personal. */
const unvouched = (contract: EventContract, data: unknown): Path[] =>
  (contract.data.safeParse(data).error?.issues ?? []).flatMap((issue): Path[] => {
    if (issue.code === 'unrecognized_keys') return issue.keys.map((key) => [...issue.path, key])
    return issue.code === 'invalid_type' ? [issue.path] : []
  })

/**
 * A copy of an event's data for people and logs, with {@link REDACTED} in place of personal fields (promise 11).
 * Works on data that breaks its contract too: unknown fields and values of the wrong type are hidden as well.
 *
 * @param data - JSON-like; null and absent fields stay as they are.
 */
export const redact = (contract: EventContract, data: unknown): unknown => {
  if (!isContainer(data)) return data === undefined || data === null ? data : REDACTED
  const copy = structuredClone(data)
  const hidden = [...contract.personal.map((path) => path.split('.')), ...unvouched(contract, data)]
  for (const path of hidden) {
    if (path.length === 0) return REDACTED
    hide(copy, path)
  }
  return copy
}
