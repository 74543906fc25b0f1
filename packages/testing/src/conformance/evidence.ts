import assert from 'node:assert/strict'
import { isMeshError, type MeshCode } from '@commerce-mesh/mesh'

/** A JSON text in which the order of names plays no part; what is undefined is left out. */
const canonical = (value: unknown): string | undefined =>
  JSON.stringify(value, (_name, part: unknown) =>
    typeof part === 'object' && part !== null && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).toSorted(([a], [b]) => (a < b ? -1 : 1)))
      : part,
  )

const SHOWN = 400

const short = (text = 'nothing') => (text.length > SHOWN ? `${text.slice(0, SHOWN)}…` : text)

/** Fails unless both are the same JSON; prototypes and realms don't count. */
export const same = (actual: unknown, expected: unknown, what: string): void => {
  const [got, wanted] = [canonical(actual), canonical(expected)]
  if (got !== wanted) assert.fail(`${what}: ${short(got)} instead of ${short(wanted)}`)
}

/** Fails unless it holds. */
export const ensure: (holds: boolean, what: string) => asserts holds = (holds, what) => assert.ok(holds, what)

/** Fails unless both hold the same bytes, or both are null. */
export const sameBytes = (actual: Uint8Array | null, expected: Uint8Array | null, what: string): void => {
  const identical =
    actual === null || expected === null ? actual === expected : Buffer.compare(actual, expected) === 0
  assert.ok(identical, `${what}: other bytes, or none`)
}

/** Fails unless the promise rejects with a MeshError (of one of these codes). */
export const rejectsWithMeshError = async (
  attempt: Promise<unknown>,
  what: string,
  ...codes: readonly MeshCode[]
): Promise<void> => {
  const thrown = await attempt.then(
    () => assert.fail(`${what}: it resolved`),
    (error: unknown) => error,
  )
  assert.ok(
    isMeshError(thrown, ...codes),
    `${what}: not a MeshError ${codes.join(' or ')}, but ${String(thrown)}`,
  )
}
