/** An account of the LMS. */
export interface SandboxUser {
  readonly username: string
  /** The LMS user id. */
  readonly id: number
  readonly email: string
  /** Global staff: may act for others and ask for paid modes. */
  readonly isStaff: boolean
  /** Whether the address is confirmed; deactivation does not change it (the LMS takes the password away instead). */
  readonly isActive: boolean
}

/** What a caller of the sandbox must say of a user; the rest: an ordinary confirmed learner at `example.com`. */
export type SandboxUserInput = Pick<SandboxUser, 'username' | 'id'> & Partial<SandboxUser>

/** An account from the few facts that matter. */
export function completeUser(input: SandboxUserInput): SandboxUser {
  return { email: `${input.username}@example.com`, isStaff: false, isActive: true, ...input }
}

/** Who asks: the user of a token, or nobody; and whether the request carried the right `X-Edx-Api-Key`. */
export interface Caller {
  readonly user: SandboxUser | null
  readonly hasApiKey: boolean
}

/** Whether the caller may act for others and ask for paid modes (interop section 1, "Auth"). */
export function mayActForOthers(caller: Caller): boolean {
  return caller.hasApiKey || caller.user?.isStaff === true
}
