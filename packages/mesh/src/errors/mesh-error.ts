import { CATALOGUE, type MeshCode } from './catalogue.ts'

/** An error for people: a code of the catalogue, what happened here, and the cause. */
export class MeshError extends Error {
  override readonly name = 'MeshError'
  readonly code: MeshCode
  /** What to do about it; the catalogue's advice where this case has no better one. */
  readonly action: string
  /** Stays so until a person does something, whatever its code says in general: a refused login, say. */
  readonly lasting: boolean

  constructor(
    code: MeshCode,
    happened: string,
    more: { cause?: unknown; action?: string; lasting?: boolean } = {},
  ) {
    super(happened, more.cause === undefined ? undefined : { cause: more.cause })
    this.code = code
    this.action = more.action ?? CATALOGUE[code].action
    this.lasting = more.lasting ?? false
  }

  /** Whether the same thing may succeed later without anybody doing anything. */
  get retryable(): boolean {
    return CATALOGUE[this.code].retryable
  }
}

/** Whether a value thrown is a MeshError, optionally with one of these codes. */
export const isMeshError = (thrown: unknown, ...codes: readonly MeshCode[]): thrown is MeshError =>
  thrown instanceof MeshError && (codes.length === 0 || codes.includes(thrown.code))
