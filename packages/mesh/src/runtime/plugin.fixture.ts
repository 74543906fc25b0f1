import { type EventContract, defineEvent } from '@commerce-mesh/contracts'
import { expect } from '@jest/globals'
import { z } from 'zod'
import { parcelPacked } from '../aggregate/parcel.fixture.ts'
import { type HandlerContext, on } from '../service/handler.ts'
import { type Outcome, done, emit } from '../service/outcome.ts'
import { type Shop, type Tally, counted, counting } from './parcel-shop.fixture.ts'

/** Parcels, enough to keep every handler of a service busy. */
export const parcels: readonly string[] = Array.from({ length: 12 }, (_, nth) => `P-${nth}`)

/** Data of the events that the plugins of these tests emit. */
export type About = { readonly parcel: string; readonly nth?: number | undefined }

/** Makes a contract of a plugin. */
export const eventNamed = (name: string, owner: string): EventContract<About> =>
  defineEvent({
    name,
    version: 1,
    owner,
    summary: 'Something happened.',
    key: (data) => data.parcel,
    data: z.strictObject({ parcel: z.string(), nth: z.int().optional() }),
  })

/** A label was printed. */
export const labelPrinted = eventNamed('label.printed', 'labels')

/** A label was torn. */
export const labelTorn = eventNamed('label.torn', 'labels')

/** Decides about one label. */
export type Print = (
  parcel: string,
  state: Tally,
  context: HandlerContext,
) => Promise<Outcome<Tally>> | Outcome<Tally>

/** What a printer does that has no faults. */
export const printIt: Print = (parcel, state) => done(counted(state), [emit(labelPrinted, { parcel })])

/** A plugin's service that prints a label for each parcel that is packed, two at once. */
export const labels = (
  print: Print,
  more: Parameters<typeof counting>[2] = {},
): ReturnType<typeof counting> =>
  counting(
    'labels',
    [on(parcelPacked, 'print', (event, state: Tally, context) => print(event.data.parcel, state, context))],
    { emits: [labelPrinted, labelTorn] as unknown as EventContract[], concurrency: 2, ...more },
  )

/** Whatever a plugin does: each parcel is packed and shipped, once. */
export const expectHandled = async (shop: Shop, those: readonly string[] = parcels): Promise<void> => {
  const packed = await Promise.all(those.map((parcel) => shop.packed(parcel)))
  const shipped = await Promise.all(those.map((parcel) => shop.shipped(parcel)))
  expect(new Set([...packed, ...shipped])).toEqual(new Set([1]))
}

/** What was logged, taken apart. */
export const logLines = (shop: Shop): { msg: string; service?: string; handler?: string }[] =>
  shop.logged.map((line) => JSON.parse(line) as { msg: string; service?: string; handler?: string })
