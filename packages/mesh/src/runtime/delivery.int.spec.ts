import { toStructured } from '@commerce-mesh/contracts'
import { afterEach, describe, expect, it, jest } from '@jest/globals'
import { orderedEvent, outgoing, parcelOrdered, parcelPacked } from '../aggregate/parcel.fixture.ts'
import { MeshError } from '../errors/mesh-error.ts'
import { eventually } from '../flow/eventually.fixture.ts'
import { packIt, packing, shipping, shops, type Packer } from './parcel-shop.fixture.ts'

const { open, close } = shops()
afterEach(close)

const outage = new MeshError('MESH_BUS_UNAVAILABLE', 'The bus is out.')

describe('a record on its way', () => {
  it('goes through two services, and leaves its hops in the journal, in one trace', async () => {
    const shop = await open([packing(), shipping()])
    await shop.order('P-1', 'P-2')
    await shop.settled()
    expect([await shop.packed('P-1'), await shop.shipped('P-1'), await shop.shipped('P-2')]).toEqual([
      1, 1, 1,
    ])
    const [packed, shipped] = (await shop.hops('P-1')).toSorted((a, b) => a.service.localeCompare(b.service))
    const [event] = (await shop.events(parcelPacked)).filter(({ subject }) => subject === 'P-1')
    expect(packed).toMatchObject({
      service: 'packing',
      handler: 'pack',
      outcome: 'done',
      attempt: 1,
      eventId: 'P-1#1',
    })
    expect(packed?.caused).toEqual([{ id: event?.id, type: 'parcel.packed.v1' }])
    expect(shipped).toMatchObject({ service: 'shipping', handler: 'ship', eventId: event?.id, caused: [] })
    expect(event?.extensions).toMatchObject({ causationid: 'P-1#1', partitionkey: 'P-1' })
    expect(event?.extensions['traceparent']).toContain(packed?.traceId)
    expect(shipped?.traceId).toBe(packed?.traceId)
  })

  it('has one effect, however often it comes (promise 2)', async () => {
    const seen: string[] = []
    const pack: Packer = (order, state, context, event) => {
      seen.push(event.id)
      return packIt(order, state, context, event)
    }
    const shop = await open([packing(pack), shipping()])
    const event = orderedEvent('same', { parcel: 'P-1' })
    await shop.publish(event, event)
    await shop.settled()
    await shop.publish(event)
    await shop.settled()
    expect(seen).toEqual(['same'])
    expect([await shop.packed('P-1'), await shop.shipped('P-1')]).toEqual([1, 1])
    expect(await shop.events(parcelPacked)).toHaveLength(1)
    const { services } = await shop.mesh.operations.audit()
    expect(services[0]).toMatchObject({ accepted: 3, done: 1, suppressed: 2, drift: 0 })
    expect(await shop.metric('mesh_records_total')).toEqual([
      'mesh_records_total{service="packing",type="parcel.ordered.v1",outcome="done"} 1',
      'mesh_records_total{service="packing",type="parcel.ordered.v1",outcome="duplicate"} 2',
      'mesh_records_total{service="shipping",type="parcel.packed.v1",outcome="done"} 1',
    ])
  })

  it.each(['constructor', '__proto__', '12', 'toString'])('is handled whatever its id is: %s', async (id) => {
    const shop = await open([packing()])
    await shop.publish(orderedEvent(id, { parcel: 'P-1' }))
    await shop.settled()
    await shop.publish(orderedEvent(id, { parcel: 'P-1' }))
    await shop.settled()
    expect(await shop.packed('P-1')).toBe(1)
  })

  it('is handled in order with the others of its key, whatever each takes (promise 3)', async () => {
    const seen: string[] = []
    const pack: Packer = async (order, state, context, event) => {
      await new Promise((resolve) => void setTimeout(resolve, Number(event.id.split('#')[1]) % 3))
      seen.push(event.id)
      return packIt(order, state, context, event)
    }
    const shop = await open([packing(pack)])
    const keys = ['P-1', 'P-2', 'P-3', 'P-4']
    for (let round = 0; round < 10; round++) await shop.order(...keys)
    await shop.settled()
    for (const key of keys) {
      expect(seen.filter((id) => id.startsWith(key))).toEqual(
        Array.from({ length: 10 }, (_, nth) => `${key}#${nth + 1}`),
      )
      expect(await shop.packed(key)).toBe(10)
    }
  })

  it('is found by the audit also in structured mode, or set aside because of its record key', async () => {
    const shop = await open([packing()])
    const ordered = (id: string) => orderedEvent(id, { parcel: 'P-1' })
    const structured = {
      topic: parcelOrdered.type,
      key: 'P-1',
      headers: { 'content-type': 'application/cloudevents+json' },
      value: Buffer.from(toStructured(ordered('e-3'))),
    }
    await shop.mesh.bus.publish([
      outgoing(ordered('e-1'), null),
      outgoing(ordered('e-2'), 'other'),
      structured,
    ])
    await shop.settled()
    expect(await shop.packed('P-1')).toBe(1)
    const { services } = await shop.mesh.operations.audit()
    expect(services[0]).toMatchObject({ accepted: 3, done: 1, dead: 2, drift: 0 })
  })
})

describe('a record that nobody can read (promise 5)', () => {
  it('becomes a dead letter, and its neighbours go on', async () => {
    const shop = await open([packing()])
    const good = outgoing(orderedEvent('good', { parcel: 'P-1' }))
    const bad = [
      { ...good, headers: {} },
      { ...good, value: Buffer.from('{') },
      { ...good, value: null },
      { ...good, value: Buffer.from('{"parcel":1}') },
      { ...good, key: 'P\u0000\u0007', value: Buffer.from([0xff]) },
      { ...good, key: '', headers: { ce_id: 'x'.repeat(10_000) } },
      { ...good, key: 'k'.repeat(10_000), headers: { ce_id: '\u0001', ce_type: '\ud800' } },
      { ...good, key: null, value: Buffer.from(JSON.stringify({ parcel: 'P\u0001' })) },
    ]
    const after = outgoing(orderedEvent('after', { parcel: 'P-1' }))
    await shop.mesh.bus.publish([good, ...bad, after])
    await shop.settled()
    expect(await shop.packed('P-1')).toBe(2)
    const letters = await shop.mesh.operations.deadLetters({})
    expect(letters).toHaveLength(bad.length)
    expect(new Set(letters.map((letter) => letter.class))).toEqual(new Set(['poison', 'contract']))
    for (const letter of letters)
      expect(letter).toMatchObject({ status: 'open', service: 'packing', handler: '-' })
    const kept = letters.map(({ record }) => record.value)
    for (const { value } of bad)
      expect(kept).toContain(value === null ? null : Buffer.from(value).toString('base64'))
    expect(await shop.mesh.operations.audit()).toMatchObject({
      drift: 0,
      services: [{ done: 2, dead: bad.length, inFlight: 0 }],
    })
  })
})

describe('an outbox that could not be published (promise 4)', () => {
  it('is published when the record comes again, with nothing done twice', async () => {
    const shop = await open([packing(), shipping()])
    const publish = jest.spyOn(shop.mesh.bus, 'publish')
    await shop.order('P-1')
    await shop.settled()
    publish.mockRejectedValueOnce(outage)
    await expect(shop.order('P-2')).rejects.toBe(outage)
    await shop.order('P-2')
    publish.mockRejectedValueOnce(outage).mockRejectedValueOnce(outage)
    await shop.settled()
    expect([await shop.packed('P-2'), await shop.shipped('P-2')]).toEqual([1, 1])
  })

  it('is published after a restart by the sweeper, with nothing done twice', async () => {
    const before = await open([packing()])
    const bus = before.mesh.bus
    const publish = bus.publish.bind(bus)
    jest.spyOn(bus, 'publish').mockImplementation(async (records) => {
      if (records.some(({ topic }) => topic !== parcelOrdered.type)) throw outage
      return publish(records)
    })
    await before.order('P-1', 'P-2', 'P-3')
    await eventually(
      'all packed',
      async () =>
        (await before.packed('P-3')) === 1 &&
        (await before.packed('P-1')) === 1 &&
        (await before.packed('P-2')) === 1,
    )
    expect(await before.events(parcelPacked)).toEqual([])
    await before.mesh.stop()

    const packer = jest.fn<Packer>(packIt)
    const after = await open([packing(packer), shipping()], { data: before.data })
    await after.settled()
    for (const parcel of ['P-1', 'P-2', 'P-3']) {
      expect([await after.packed(parcel), await after.shipped(parcel)]).toEqual([1, 1])
    }
    expect(packer).not.toHaveBeenCalled()
    expect(await after.mesh.operations.audit()).toMatchObject({ drift: 0 })
  })
})
