import { defineEvent } from '@commerce-mesh/contracts'
import { afterEach, describe, expect, it } from '@jest/globals'
import { z } from 'zod'
import type { AggregateDocument } from '../aggregate/document.ts'
import { orderedEvent, parcelOrdered, parcelPacked } from '../aggregate/parcel.fixture.ts'
import { eventually } from '../flow/eventually.fixture.ts'
import { on } from '../service/handler.ts'
import { done, retry } from '../service/outcome.ts'
import { type Service, defineService } from '../service/service.ts'
import { openMesh } from './open-mesh.ts'
import { type Packer, type Packing, packIt, packing, quickConfig, shops } from './parcel-shop.fixture.ts'

const { open, close } = shops()
afterEach(close)

/** The contract of a later release that wants to know more. */
const strictOrdered = defineEvent({
  name: 'parcel.ordered',
  version: 1,
  owner: 'shop',
  summary: parcelOrdered.summary,
  key: (data) => data.parcel,
  data: z.strictObject({ parcel: z.string(), wish: z.string() }),
})

const seen: string[] = []
const strictPacking = defineService<Packing, object>({
  name: 'packing',
  options: z.strictObject({}),
  handlers: [
    on(strictOrdered, 'pack', (event, { packed }: Packing, { attempt }) => {
      seen.push(`${event.id} ${attempt}`)
      return done({ packed: packed + 1 })
    }),
  ],
  emits: [parcelPacked],
  initialState: () => ({ packed: 0 }),
  concurrency: 4,
}) as unknown as Service<never, never>

const plain = (id: string) => orderedEvent(id, { parcel: 'P-1' })
const ill: Packer = () => retry({ code: 'MESH_LMS_ERROR', reason: 'ill', afterMs: 600 })

describe('records that waited while their contract changed', () => {
  it('become dead letters where they break it now; those behind them start afresh, in order', async () => {
    const before = await open([packing(ill)])
    await before.publish(plain('e-1'), plain('e-2'), orderedEvent('e-3', { parcel: 'P-1', wish: 'x' }))
    await eventually(
      'three in line',
      async () => (await before.mesh.operations.audit()).services[0]?.waiting === 3,
    )
    await before.mesh.stop()
    const after = await open([strictPacking], { data: before.data })
    await after.settled()
    expect(seen).toEqual(['e-3 1'])
    const letters = await after.mesh.operations.deadLetters({})
    expect(
      letters.map(({ eventId, class: kind, key, attempts }) => ({ eventId, kind, key, attempts })),
    ).toEqual([
      { eventId: 'e-1', kind: 'contract', key: 'P-1', attempts: 2 },
      { eventId: 'e-2', kind: 'contract', key: 'P-1', attempts: 1 },
    ])
    expect(await after.mesh.operations.audit()).toMatchObject({ drift: 0, services: [{ done: 1, dead: 2 }] })
  })

  it('are not lost when they were redriven before and die again (promise 6)', async () => {
    const before = await open([strictPacking])
    await before.publish(plain('e-1'))
    await before.settled()
    const [letter] = await before.mesh.operations.deadLetters({})
    const id = letter?.id ?? ''
    await expect(before.mesh.operations.redrive(id, 'ann')).rejects.toMatchObject({
      code: 'MESH_EVENT_CONTRACT',
    })
    await before.mesh.stop()

    const lenient = { config: quickConfig(before.data), services: [packing(packIt)] }
    const offline = await openMesh(lenient, 'write')
    await offline.operations.redrive(id, 'ann')
    await offline.close()
    const strict = await open([strictPacking], { data: before.data })
    await strict.settled()
    expect(await strict.mesh.operations.deadLetters({})).toMatchObject([{ id, status: 'open', attempts: 2 }])
    await strict.mesh.stop()

    const again = await open([packing(packIt)], { data: before.data })
    await again.mesh.operations.redrive(id, 'ann')
    await again.settled()
    expect(await again.packed('P-1')).toBe(1)
    expect(await again.mesh.operations.audit()).toMatchObject({ drift: 0, services: [{ done: 1, dead: 0 }] })
  })
})

describe('what a producer outside has sent under the release before', () => {
  const producers = [{ source: '/example-shop', emits: [parcelOrdered.type] }]
  const outside = (id: string) => ({ ...plain(id), source: '/example-shop' })

  /** Documents knew such events by their bare ids. */
  const asBefore = (text: string): AggregateDocument =>
    JSON.parse(text.replaceAll(/[^"]*#parcel\.ordered#/g, ''))

  const upgraded = async (pack: Packer, release: Packer) => {
    const before = await open([packing(pack)], { producers })
    await before.publish(outside('17'), outside('18'))
    await eventually('both taken in', async () => {
      const { services } = await before.mesh.operations.audit()
      return services[0]?.inFlight === 0 && services[0].unpublished === 0
    })
    const stored = await before.mesh.store.get<AggregateDocument>('packing', 'P-1')
    if (stored === undefined) throw new Error('nothing was kept')
    const body = asBefore(JSON.stringify(stored.body))
    const due = body.waiting && { waiting: { ...body.waiting, dueAt: Date.now() } }
    await before.mesh.store.put('packing', 'P-1', { ...body, ...due }, stored.version)
    await before.mesh.stop()
    return open([packing(release)], { producers, data: before.data })
  }

  it('goes on where it waited, and leaves the line', async () => {
    const tries: string[] = []
    const later: Packer = () => retry({ code: 'MESH_LMS_ERROR', reason: 'ill', afterMs: 3_600_000 })
    const after = await upgraded(later, ({ parcel }, { packed }, { attempt }, { id }) => {
      tries.push(`${id} ${attempt}`)
      return packIt({ parcel }, { packed }, {} as never, {} as never)
    })
    await after.settled()
    expect(tries).toEqual(['/example-shop#parcel.ordered#17 2', '/example-shop#parcel.ordered#18 1'])
    expect(await after.packed('P-1')).toBe(2)
  })

  it('is found by the audit where it was handled, also under a contract that it breaks by now', async () => {
    const before = await open([packing()], { producers })
    await before.publish(outside('17'))
    await before.settled()
    await before.mesh.stop()
    const after = await open([strictPacking], { producers, data: before.data })
    expect(await after.mesh.operations.audit()).toMatchObject({ drift: 0, services: [{ done: 1 }] })
  })

  it('is found by the audit where it was handled', async () => {
    const after = await upgraded(packIt, packIt)
    await after.settled()
    expect(await after.mesh.operations.audit()).toMatchObject({ drift: 0, services: [{ done: 2 }] })
  })
})
