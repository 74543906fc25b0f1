import { parseCourseKey } from './course-key.ts'
import { defaultCourses, defaultModes, defaultUsers } from './default-catalogue.ts'
import { completeUser } from './user.ts'
import type { SandboxCourse, SandboxCourseInput } from './course.ts'
import type { SandboxUser, SandboxUserInput } from './user.ts'

/** First id of accounts that come into being without one of their own, above all that a test would name. */
const firstFreeId = 10_000_000

function completeCourse(input: SandboxCourseInput): SandboxCourse {
  return {
    name: input.id,
    modes: defaultModes,
    enrollmentStart: null,
    enrollmentEnd: null,
    courseStart: '2020-01-01T00:00:00Z',
    courseEnd: null,
    inviteOnly: false,
    selfPaced: true,
    maxEnrollments: null,
    embargoed: false,
    vetoed: false,
    refusal: null,
    ...input,
  }
}

/** What {@link Catalogue} starts from, beyond the defaults; a user or course of the same name replaces the default one. */
export interface CatalogueOptions {
  readonly users?: readonly SandboxUserInput[]
  readonly courses?: readonly SandboxCourseInput[]
  /** Whether unknown `learner-N`, addresses, ids and courses of the org `Load` come into being when asked for. */
  readonly autoCreate?: boolean
}

/** The accounts and course runs of the sandbox. Looking up never creates; the `admit` methods may. */
export class Catalogue {
  readonly #options: CatalogueOptions
  readonly #users = new Map<string, SandboxUser>()
  readonly #byEmail = new Map<string, SandboxUser>()
  readonly #byId = new Map<number, SandboxUser>()
  readonly #courses = new Map<string, SandboxCourse>()
  readonly #deactivated = new Set<string>()
  #nextId = firstFreeId

  constructor(options: CatalogueOptions = {}) {
    this.#options = options
    this.reset()
  }

  /** Back to the start: what came into being since, and every deactivation, is forgotten. */
  reset(): void {
    for (const known of [this.#users, this.#byEmail, this.#byId, this.#courses, this.#deactivated])
      known.clear()
    this.#nextId = firstFreeId
    for (const user of [...defaultUsers, ...(this.#options.users ?? [])]) this.#addUser(completeUser(user))
    for (const course of [...defaultCourses, ...(this.#options.courses ?? [])]) {
      this.#courses.set(course.id, completeCourse(course))
    }
  }

  user(username: string): SandboxUser | undefined {
    return this.#users.get(username)
  }

  userByEmail(email: string): SandboxUser | undefined {
    return this.#byEmail.get(email)
  }

  userById(id: number): SandboxUser | undefined {
    return this.#byId.get(id)
  }

  course(id: string): SandboxCourse | undefined {
    return this.#courses.get(id)
  }

  /** Takes the password away, which is all that the LMS's `deactivate/` does. */
  deactivate(username: string): void {
    this.#deactivated.add(username)
  }

  isDeactivated(username: string): boolean {
    return this.#deactivated.has(username)
  }

  /** The account of a token's bearer. The LMS creates one for a user name it has not met (`get_or_create`). */
  adopt(username: string): SandboxUser {
    return (
      this.#users.get(username) ?? this.#addUser(completeUser({ username, id: this.#nextId++, email: '' }))
    )
  }

  /** With `autoCreate`: `learner-7` gets the id 7, unless a catalogue user has it. */
  admitUsername(username: string): void {
    if (!this.#options.autoCreate || this.#users.has(username)) return
    const number = /^learner-(\d{1,15})$/.exec(username)?.[1]
    if (number === undefined) return
    const id = Number(number)
    this.#addUser(completeUser({ username, id: id > 0 && !this.#byId.has(id) ? id : this.#nextId++ }))
  }

  /** With `autoCreate`: any address gets an account, `learner-7@…` that of `learner-7` where it is new. */
  admitEmail(email: string): void {
    if (!this.#options.autoCreate || this.#byEmail.has(email) || !email.includes('@')) return
    const local = email.slice(0, email.indexOf('@')).replaceAll(/[^\w.-]/g, '_')
    const known = this.#users.has(local)
    const number = known ? undefined : /^learner-(\d{1,15})$/.exec(local)?.[1]
    const wanted = Number(number)
    const id = wanted > 0 && !this.#byId.has(wanted) ? wanted : this.#nextId++
    this.#addUser(completeUser({ username: known ? `${local}-${id}` : local, id, email }))
  }

  /** With `autoCreate`: the unknown id 7 becomes `learner-7`. */
  admitId(id: number): void {
    if (!this.#options.autoCreate || this.#byId.has(id) || !Number.isSafeInteger(id) || id < 1) return
    const username = this.#users.has(`learner-${id}`) ? `learner-id-${id}` : `learner-${id}`
    this.#addUser(completeUser({ username, id }))
  }

  /** With `autoCreate`: an unknown course of the org `Load` gets the modes of the demonstration course. */
  admitCourse(id: string): void {
    if (!this.#options.autoCreate || this.#courses.has(id)) return
    if (parseCourseKey(id)?.org === 'Load') this.#courses.set(id, completeCourse({ id }))
  }

  #addUser(user: SandboxUser): SandboxUser {
    const before = this.#users.get(user.username)
    if (before) {
      this.#byEmail.delete(before.email)
      this.#byId.delete(before.id)
    }
    this.#users.set(user.username, user)
    this.#byId.set(user.id, user)
    if (user.email !== '') this.#byEmail.set(user.email, user)
    return user
  }
}
