import type { MeshCode } from '@commerce-mesh/mesh'

/** One field that is wrong: where it is and why, never its value (promise 11). */
export type FieldError = {
  /** Dotted path into the body, e.g. `lines.0.price`; `body` for the body itself. */
  readonly path: string
  readonly message: string
}

/** A request that is not carried out, with everything its answer needs. */
export class Refusal extends Error {
  override readonly name: string = 'Refusal'
  /** HTTP status of the answer. */
  readonly status: number
  readonly code: MeshCode
  readonly headers: Readonly<Record<string, string>>
  readonly errors: readonly FieldError[]

  /**
   * @param detail - what happened, for the caller; no personal data, no secrets.
   * @param more - headers of the answer (`retry-after`, `allow`), and the fields that are wrong.
   */
  constructor(
    status: number,
    code: MeshCode,
    detail: string,
    more: { headers?: Readonly<Record<string, string>>; errors?: readonly FieldError[] } = {},
  ) {
    super(detail)
    this.status = status
    this.code = code
    this.headers = more.headers ?? {}
    this.errors = more.errors ?? []
  }
}

/** 400: the bytes can't be read as what they claim to be. */
export const malformed = (detail: string): Refusal => new Refusal(400, 'MESH_REQUEST_MALFORMED', detail)

/** 422: readable, but not what the contract says. */
export const invalid = (detail: string, errors: readonly FieldError[]): Refusal =>
  new Refusal(422, 'MESH_REQUEST_INVALID', detail, { errors })

/** 503 with `Retry-After`: the caller may send the same again. */
export const unavailable = (code: MeshCode, detail: string, seconds: number): Refusal =>
  new Refusal(503, code, detail, { headers: { 'retry-after': String(seconds) } })
