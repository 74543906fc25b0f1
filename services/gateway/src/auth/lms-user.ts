import type { JWTPayload } from 'jose'
import type { Caller, Scope } from './caller.ts'
import { Unauthenticated } from './unauthenticated.ts'

/** Longest name that `submittedBy` of order.submitted takes, less the prefix. */
const LONGEST = 146

/** What a token of the LMS's staff may do. */
export const STAFF_SCOPES: readonly Scope[] = ['orders:write', 'orders:read']

/**
 * Who an LMS token speaks for. Staff is the claim `administrator` (edx-drf-extensions maps it to `is_staff`) or `superuser`;
 * tokens of restricted applications are nobody's staff (edx-drf-extensions, NotJwtRestrictedApplication). Staff may hand in and
 * read orders; anybody else is known, but may do nothing here.
 *
 * @throws Unauthenticated for a token without a username.
 */
export const callerOfClaims = (claims: JWTPayload): Caller => {
  const name = claims['preferred_username'] ?? claims['username']
  if (typeof name !== 'string' || name === '') throw new Unauthenticated('invalid')
  const powerful =
    claims['administrator'] === true || claims['superuser'] === true || claims['is_superuser'] === true
  const staff = powerful && claims['is_restricted'] !== true
  return {
    name: `lms:${name.slice(0, LONGEST)}`,
    scopes: new Set(staff ? STAFF_SCOPES : []),
    staff,
  }
}
