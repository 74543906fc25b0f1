import { mode } from './course.ts'
import type { SandboxCourseInput, SandboxMode } from './course.ts'
import type { SandboxUserInput } from './user.ts'

/** The user that the sandbox's OAuth2 client acts as: global staff, as the service user of a real integration. */
export const serviceUsername = 'mesh_worker'

/** Who is known from the start. `erin` has not confirmed her address (`is_active: false`). */
export const defaultUsers: readonly SandboxUserInput[] = [
  { username: serviceUsername, id: 2, isStaff: true },
  { username: 'staff', id: 3, isStaff: true },
  { username: 'alice', id: 4 },
  { username: 'bob', id: 5 },
  { username: 'carol', id: 6 },
  { username: 'dave', id: 7 },
  { username: 'erin', id: 8, isActive: false },
]

/** The modes of the demonstration course, also given to courses that ask for none. */
export const defaultModes: readonly SandboxMode[] = [
  mode({ slug: 'audit' }),
  mode({ slug: 'honor' }),
  mode({ slug: 'verified', name: 'Verified Certificate', minPrice: 149, sku: '8CF08E5' }),
  mode({ slug: 'professional', name: 'Professional Certificate', minPrice: 199, sku: 'A5B6DBE' }),
  mode({ slug: 'no-id-professional', minPrice: 99, sku: 'C2A9D10' }),
  mode({ slug: 'credit', minPrice: 300, sku: 'B5A8F3C' }),
  mode({ slug: 'masters', minPrice: 900, sku: '0D4E7A1' }),
]

const executiveModes: readonly SandboxMode[] = [
  mode({ slug: 'executive-education', minPrice: 2500 }),
  mode({ slug: 'paid-executive-education', minPrice: 2500, sku: 'E1F2A3B' }),
  mode({ slug: 'unpaid-executive-education' }),
  mode({ slug: 'paid-bootcamp', minPrice: 7000, sku: 'B0C1D2E' }),
  mode({ slug: 'unpaid-bootcamp' }),
]

const longAgo = '2020-12-31T23:59:59Z'

/** The demonstration course, and one course for each reason why the LMS says no. */
export const defaultCourses: readonly SandboxCourseInput[] = [
  { id: 'course-v1:edX+DemoX+Demo_Course', name: 'Open edX Demo Course' },
  { id: 'course-v1:edX+ExecX+2026', name: 'Executive Education', modes: executiveModes },
  { id: 'course-v1:edX+ClosedX+2020', name: 'Closed in 2020', enrollmentEnd: longAgo },
  { id: 'course-v1:edX+FutureX+2099', name: 'Opens in 2099', enrollmentStart: '2099-01-01T00:00:00Z' },
  { id: 'course-v1:edX+FullX+2026', name: 'Full', maxEnrollments: 0 },
  { id: 'course-v1:edX+InviteX+2026', name: 'By Invitation', inviteOnly: true },
  {
    id: 'course-v1:edX+ExpiredX+2026',
    name: 'Verified Has Expired',
    modes: [
      mode({ slug: 'audit' }),
      mode({ slug: 'verified', minPrice: 149, sku: '9D1C3B7', expiresAt: longAgo }),
    ],
  },
  { id: 'course-v1:edX+EmbargoX+2026', name: 'Embargoed', embargoed: true },
  { id: 'course-v1:edX+VetoX+2026', name: 'Vetoed by a Plugin', vetoed: true },
  {
    id: 'course-v1:edX+RefusedX+2026',
    name: 'Refused by a Plugin',
    refusal: 'A plugin refuses this enrollment.',
  },
]
