import type { EventFormatKind, Finding } from './format-error.ts'
import { EventFormatError } from './format-error.ts'
import { MAX_FINDINGS } from './limits.ts'

/** Collects what is wrong with one event, so that its sender sees everything at once. */
export class FormatReport {
  readonly #findings: Finding[] = []
  #kind: EventFormatKind = 'contract'
  #unlisted = 0

  /** Notes a broken rule. */
  breach(path: string, message: string): void {
    if (this.#findings.length < MAX_FINDINGS) this.#findings.push({ path, message })
    else this.#unlisted += 1
  }

  /** Notes something that can't be decoded: the whole event is poison. */
  poison(path: string, message: string): void {
    this.#kind = 'poison'
    this.breach(path, message)
  }

  /** How much was noted so far. */
  get count(): number {
    return this.#findings.length + this.#unlisted
  }

  /** `poison` once anything was noted as such. */
  get kind(): EventFormatKind {
    return this.#kind
  }

  /** Everything noted so far; the last one counts what is not listed. */
  get findings(): readonly Finding[] {
    const rest = this.#unlisted === 0 ? [] : [{ path: '', message: `has ${this.#unlisted} more findings` }]
    return [...this.#findings, ...rest]
  }

  /** @throws EventFormatError when anything was noted. */
  throwIfAny(): void {
    if (this.#findings.length > 0) throw this.error()
  }

  /** The error with everything noted so far. */
  error(): EventFormatError {
    return new EventFormatError(this.#kind, this.findings)
  }
}

/** A name from outside, as findings may show it: names that look like data are not repeated (promise 11). */
export const shownName = (name: string): string => (/^[\w-]{1,64}$/.test(name) ? name : '(unusual name)')
