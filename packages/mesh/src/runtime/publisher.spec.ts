import { describe, expect, it } from '@jest/globals'
import { fromKafka, parseEvent } from '@commerce-mesh/contracts'
import { TRACEPARENT, parcelOrdered } from '../aggregate/parcel.fixture.ts'
import type { Bus, OutgoingRecord } from '../bus/bus.ts'
import { eventually, gate } from '../flow/eventually.fixture.ts'
import { silentTracer } from '../telemetry/span.ts'
import { calmIntake, createPublisher, isBusy } from './publisher.ts'

const setUp = (write: () => Promise<void> = async () => undefined) => {
  const written: OutgoingRecord[] = []
  const publish = async (records: readonly OutgoingRecord[]) => {
    written.push(...records)
    await write()
    return []
  }
  const intake = calmIntake()
  const publisher = createPublisher({
    service: 'shop',
    bus: { publish } as unknown as Bus,
    intake,
    tracer: silentTracer,
    system: 'mesh_embedded',
  })
  const order = (nth: number) =>
    publisher(parcelOrdered, { parcel: `P-${nth}` }, { id: `e-${nth}`, traceparent: TRACEPARENT })
  return { written, intake, order }
}

describe('publisher', () => {
  it('writes the event to its topic under its key, in the caller’s trace', async () => {
    const { written, order } = setUp()
    const event = await order(1)
    expect(written).toMatchObject([{ topic: 'parcel.ordered.v1', key: 'P-1' }])
    const [record] = written
    expect(parseEvent(parcelOrdered, fromKafka(record?.headers ?? {}, record?.value ?? null))).toEqual(event)
    expect(event).toMatchObject({
      id: 'e-1',
      source: '/commerce-mesh/shop',
      extensions: { traceparent: TRACEPARENT },
    })
  })

  it('answers when the event is durable, not before (promise 1)', async () => {
    const disk = gate()
    const { order } = setUp(() => disk.opened)
    let answered = false
    const ordering = order(1).then(() => (answered = true))
    await new Promise<void>((resolve) => void setImmediate(resolve))
    expect(answered).toBe(false)
    disk.open()
    await ordering
  })

  it('calls the intake busy while many wait, and calm again soon after', async () => {
    const disk = gate()
    const { intake, order } = setUp(() => disk.opened)
    const orders = Array.from({ length: 8 }, (_, nth) => order(nth))
    expect(isBusy(intake)).toBe(false)
    orders.push(order(8))
    expect(isBusy(intake)).toBe(true)
    disk.open()
    await Promise.all(orders)
    expect(intake.waiting).toBe(0)
    await eventually('calm', () => !isBusy(intake))
  })

  it('counts nobody as waiting whose event could not be written', async () => {
    const { intake, order } = setUp(() => Promise.reject(new Error('The disk is out.')))
    await expect(order(1)).rejects.toThrow('The disk is out.')
    expect(intake.waiting).toBe(0)
  })
})
