import type { Enrollment, EnrollmentChange } from './enrollment.ts'

/** What happened to one learner in one course run, as `GET /_sandbox/effects` shows it. */
export interface Effect {
  readonly user: string
  readonly courseId: string
  /** `null` where no call ever made an enrollment. */
  readonly mode: string | null
  readonly isActive: boolean
  /** Writes that changed the enrollment: 1 per effective call, 2 for a call that enrolled and deactivated at once. */
  readonly effects: number
  /** Enrollment POSTs that reached the sandbox about it, successful or not. */
  readonly calls: number
  /** The `order:order_number` attribute of the latest call that had one. */
  readonly lastOrderNumber: string | null
}

/** {@link Effect} with the row behind it: one line of the journal. */
export interface LedgerEntry {
  readonly user: string
  readonly courseId: string
  enrollment: Enrollment | null
  effects: number
  calls: number
  lastOrderNumber: string | null
}

function key(user: string, courseId: string): string {
  return `${user}\n${courseId}`
}

/** How an entry is shown to the outside. */
function effectOf(entry: LedgerEntry): Effect {
  const { user, courseId, enrollment, effects, calls, lastOrderNumber } = entry
  return {
    user,
    courseId,
    mode: enrollment?.mode ?? null,
    isActive: enrollment?.isActive ?? false,
    effects,
    calls,
    lastOrderNumber,
  }
}

/** Every enrollment and the count of what was done to it: the one mutable record of the sandbox. */
export class Ledger {
  readonly #entries = new Map<string, LedgerEntry>()
  readonly #byUser = new Map<string, LedgerEntry[]>()
  readonly #active = new Map<string, number>()

  enrollment(user: string, courseId: string): Enrollment | undefined {
    return this.#entries.get(key(user, courseId))?.enrollment ?? undefined
  }

  activeEnrollments(courseId: string): number {
    return this.#active.get(courseId) ?? 0
  }

  entriesOf(user: string): readonly LedgerEntry[] {
    return this.#byUser.get(user) ?? []
  }

  effect(user: string, courseId: string): Effect | undefined {
    const entry = this.#entries.get(key(user, courseId))
    return entry && effectOf(entry)
  }

  effects(): Effect[] {
    return Array.from(this.#entries.values(), effectOf)
  }

  /** Counts a POST, before it is known what becomes of it. */
  countCall(user: string, courseId: string, orderNumber: string | null): void {
    const entry = this.#entry(user, courseId)
    entry.calls += 1
    entry.lastOrderNumber = orderNumber ?? entry.lastOrderNumber
  }

  /** Carries out what {@link EnrollmentChange} says; the changed entry is returned for the journal. */
  apply(change: EnrollmentChange): LedgerEntry {
    const entry = this.#entry(change.username, change.courseId)
    this.#setEnrollment(entry, change.after)
    entry.effects += change.writes
    return entry
  }

  /** Takes over an entry that an earlier life of the sandbox wrote to its journal. */
  restore(saved: LedgerEntry): void {
    const entry = this.#entry(saved.user, saved.courseId)
    this.#setEnrollment(entry, saved.enrollment)
    entry.effects = saved.effects
    entry.calls = saved.calls
    entry.lastOrderNumber = saved.lastOrderNumber
  }

  reset(): void {
    this.#entries.clear()
    this.#byUser.clear()
    this.#active.clear()
  }

  #setEnrollment(entry: LedgerEntry, after: Enrollment | null): void {
    const change = Number(after?.isActive ?? false) - Number(entry.enrollment?.isActive ?? false)
    this.#active.set(entry.courseId, this.activeEnrollments(entry.courseId) + change)
    entry.enrollment = after
  }

  #entry(user: string, courseId: string): LedgerEntry {
    const found = this.#entries.get(key(user, courseId))
    if (found) return found
    const entry = { user, courseId, enrollment: null, effects: 0, calls: 0, lastOrderNumber: null }
    this.#entries.set(key(user, courseId), entry)
    const others = this.#byUser.get(user)
    if (others) others.push(entry)
    else this.#byUser.set(user, [entry])
    return entry
  }
}
