import { describe, expect, it } from '@jest/globals'
import { z } from 'zod'
import type { CloudEvent } from '../cloud-events/event.ts'
import { EventFormatError } from '../cloud-events/format-error.ts'
import { defineEvent } from '../event.ts'
import { readAs } from './read-as.ts'
import { readableVersions, upcastFrom } from './upcast.ts'

const about = { name: 'seat.reserved', owner: 'shop', summary: 'A seat is held.' }
const one = defineEvent({
  ...about,
  version: 1,
  key: ({ order }) => order,
  data: z.strictObject({ order: z.string().min(1), email: z.string() }),
})
const two = defineEvent({
  ...about,
  version: 2,
  key: ({ order }) => order,
  data: z.strictObject({ order: z.string().min(1), buyer: z.strictObject({ email: z.string() }) }),
  upcast: upcastFrom(one, ({ email, ...rest }) => ({ ...rest, buyer: { email } })),
})
const three = defineEvent({
  ...about,
  version: 3,
  key: ({ order }) => order,
  data: z.strictObject({
    order: z.string(),
    buyer: z.strictObject({ email: z.string() }),
    seats: z.int().min(1),
  }),
  upcast: upcastFrom(two, (data) => ({ ...data, seats: data.order === 'none' ? 0 : 1 })),
})

const stored = (data: unknown, type = one.type): CloudEvent<unknown> => ({
  id: 'e-1',
  source: '/commerce-mesh/shop',
  type,
  extensions: { causationid: 'e-0' },
  data,
})

const findings = (act: () => unknown) => {
  try {
    act()
  } catch (thrown) {
    if (thrown instanceof EventFormatError) return thrown.findings
    throw thrown
  }
  return []
}

describe('an upcast', () => {
  it('lets a reader of the newer version take the older one; only type and data differ', () => {
    expect(readAs(two, stored({ order: 'O-1', email: 'a@b.example' }))).toEqual({
      ...stored({ order: 'O-1', buyer: { email: 'a@b.example' } }),
      type: 'seat.reserved.v2',
    })
  })

  it('goes over several versions', () => {
    expect(readAs(three, stored({ order: 'O-1', email: 'x' })).data).toEqual({
      order: 'O-1',
      buyer: { email: 'x' },
      seats: 1,
    })
    expect(readableVersions(three).map(({ version }) => version)).toEqual([3, 2, 1])
  })

  it('leaves the newer version as it is', () => {
    const event = stored({ order: 'O-1', buyer: { email: 'x' } }, two.type)
    expect(readAs(two, event)).toEqual(event)
  })

  it('checks the older event by its own contract first', () => {
    expect(findings(() => readAs(two, stored({ order: 'O-1' })))).toEqual([
      { path: 'data.email', message: 'is missing' },
    ])
  })

  it('is named where it gives what is not valid, without the data', () => {
    expect(findings(() => readAs(three, stored({ order: 'none', email: 'secret@b.example' })))).toEqual([
      { path: 'data', message: expect.stringMatching(/can’t be read as seat\.reserved\.v3/) },
    ])
  })

  it('is not asked about other events', () => {
    expect(findings(() => readAs(two, stored({}, 'seat.lost.v1'))).map(({ path }) => path)).toContain('type')
  })

  it.each([
    ['a newer version', { version: 1, upcast: upcastFrom(two, () => ({ order: '', email: '' })) }],
    [
      'another event',
      { name: 'seat.lost', version: 2, upcast: upcastFrom(one, () => ({ order: '', email: '' })) },
    ],
  ])('from %s is refused', (_what, more) => {
    expect(() => defineEvent({ ...about, key: ({ order }) => order, data: one.data, ...more })).toThrow(
      /must be from an older version/,
    )
  })
})
