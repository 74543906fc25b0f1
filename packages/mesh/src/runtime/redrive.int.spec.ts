import { afterEach, describe, expect, it } from '@jest/globals'
import { orderedEvent, outgoing } from '../aggregate/parcel.fixture.ts'
import { eventually } from '../flow/eventually.fixture.ts'
import { dead, retry } from '../service/outcome.ts'
import { openMesh } from './open-mesh.ts'
import { packIt, packing, quickConfig, shops, type Packer } from './parcel-shop.fixture.ts'

const { open, close, directory } = shops()
afterEach(close)

const refused = { code: 'MESH_LMS_FORBIDDEN', reason: 'The LMS says no.' }
const ill = { code: 'MESH_LMS_ERROR', reason: 'The LMS is ill.' }

/** A packer whose answers can be changed while it works. */
const moody = () => {
  const seen: string[] = []
  const mood = { refuse: true, ill: false }
  const pack: Packer = (order, state, context, event) => {
    seen.push(`${event.id} ${context.attempt}`)
    if (order.wish === 'die' && mood.refuse) return dead(refused)
    if (order.wish === 'wait' && mood.ill) return retry(ill)
    return packIt(order, state, context, event)
  }
  return { seen, mood, pack }
}

const die = { parcel: 'P-1', wish: 'die' }

describe('redrive', () => {
  it('puts the record back in front of its handler, which goes on counting; the journal tells both', async () => {
    const { seen, mood, pack } = moody()
    const shop = await open([packing(pack)])
    await shop.order(die)
    await shop.settled()
    const [letter] = await shop.mesh.operations.deadLetters({})
    mood.refuse = false
    const closed = await shop.mesh.operations.redrive(letter?.id ?? '', 'ann')
    expect(closed).toMatchObject({
      status: 'redriven',
      closedBy: 'ann',
      closedAt: expect.stringMatching(/^\d{4}-/),
    })
    await shop.settled()
    expect(seen).toEqual(['P-1#1 1', 'P-1#1 2'])
    expect(await shop.packed('P-1')).toBe(1)
    expect(
      (await shop.hops('P-1')).map(({ attempt, outcome }) => `${attempt} ${outcome}`).toSorted(),
    ).toEqual(['1 dead', '2 done'])
    expect(await shop.mesh.operations.deadLetters({})).toEqual([])
    expect(await shop.mesh.operations.deadLetters({ status: 'redriven' })).toHaveLength(1)
    expect(await shop.mesh.operations.audit()).toMatchObject({ drift: 0, services: [{ done: 1, dead: 0 }] })
  })

  it('opens the letter again when the record dies again', async () => {
    const shop = await open([packing(moody().pack)])
    await shop.order(die)
    await shop.settled()
    const [letter] = await shop.mesh.operations.deadLetters({})
    await shop.mesh.operations.redrive(letter?.id ?? '', 'ann')
    await shop.settled()
    expect(await shop.mesh.operations.deadLetters({})).toMatchObject([
      { id: letter?.id, status: 'open', attempts: 2 },
    ])
  })

  it('lines up behind what waits for the same key, and is not lost when it dies there (promise 6)', async () => {
    const { seen, mood, pack } = moody()
    const shop = await open([packing(pack)])
    await shop.order(die)
    await shop.settled()
    mood.ill = true
    await shop.order({ parcel: 'P-1', wish: 'wait' })
    await eventually(
      'a waiting record',
      async () => (await shop.mesh.operations.audit()).services[0]?.waiting === 1,
    )
    const [letter] = await shop.mesh.operations.deadLetters({})
    await shop.mesh.operations.redrive(letter?.id ?? '', 'ann')
    mood.ill = false
    await shop.settled()
    expect(seen.slice(-2)).toEqual([expect.stringMatching(/^P-1#2 /), 'P-1#1 2'])
    expect(await shop.mesh.operations.deadLetters({})).toMatchObject([
      { id: letter?.id, status: 'open', attempts: 2 },
    ])
    expect(
      (await shop.hops('P-1')).filter(({ eventId, outcome }) => eventId === 'P-1#1' && outcome === 'dead'),
    ).toHaveLength(2)
  })

  it('keeps several in the order in which they were redriven', async () => {
    const { seen, mood, pack } = moody()
    const shop = await open([packing(pack)])
    await shop.order(die, die, die)
    await shop.settled()
    mood.refuse = false
    const letters = await shop.mesh.operations.deadLetters({})
    for (const { id } of letters.toSorted((a, b) => (b.eventId ?? '').localeCompare(a.eventId ?? ''))) {
      await shop.mesh.operations.redrive(id, 'ann')
    }
    await shop.settled()
    expect(seen.slice(3)).toEqual(['P-1#3 2', 'P-1#2 2', 'P-1#1 2'])
  })

  it('refuses what still can’t be read, and leaves the letter open', async () => {
    const shop = await open([packing()])
    await shop.mesh.bus.publish([
      { ...outgoing(orderedEvent('e-1', { parcel: 'P-1' })), value: Buffer.from('{') },
      { ...outgoing(orderedEvent('e-2', { parcel: 'P-2' })), value: Buffer.from('{"parcel":1}') },
    ])
    await shop.settled()
    const { operations } = shop.mesh
    for (const { id, code } of await operations.deadLetters({})) {
      await expect(operations.redrive(id, 'ann')).rejects.toMatchObject({ code })
    }
    expect((await operations.deadLetters({})).map(({ code }) => code).toSorted()).toEqual([
      'MESH_EVENT_CONTRACT',
      'MESH_EVENT_POISON',
    ])
  })

  it('closes a letter once: redriven or discarded, never both, never twice', async () => {
    const shop = await open([packing(moody().pack)])
    await shop.order(die, { parcel: 'P-2', wish: 'die' })
    await shop.settled()
    const { operations } = shop.mesh
    const closedBefore = { code: 'MESH_DEAD_LETTER_CLOSED' }
    const [first = '', second = ''] = (await operations.deadLetters({})).map(({ id }) => id)
    expect(await operations.discard(first, 'ann', 'refunded')).toMatchObject({
      status: 'discarded',
      closedBy: 'ann',
      note: 'refunded',
    })
    await expect(operations.discard(first, 'bob', 'again')).rejects.toMatchObject(closedBefore)
    await expect(operations.redrive(first, 'bob')).rejects.toMatchObject(closedBefore)
    expect(await operations.deadLetter(first)).toMatchObject({ status: 'discarded', note: 'refunded' })
    const both = await Promise.allSettled([
      operations.redrive(second, 'ann'),
      operations.discard(second, 'bob', 'no'),
    ])
    expect(both.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected'])
  })

  it('says so when there is no such letter', async () => {
    const { operations } = (await open([packing()])).mesh
    const unknown = { code: 'MESH_DEAD_LETTER_UNKNOWN', message: expect.stringContaining('dl-nowhere') }
    await expect(operations.deadLetter('dl-nowhere')).rejects.toMatchObject(unknown)
    await expect(operations.redrive('dl-nowhere', 'ann')).rejects.toMatchObject(unknown)
    await expect(operations.discard('dl-nowhere', 'ann', 'no')).rejects.toMatchObject(unknown)
  })

  it('works on the data of a mesh that does not run, and takes effect when it runs again', async () => {
    const { mood, pack, seen } = moody()
    const services = [packing(pack)]
    const data = directory()
    const shop = await open(services, { data })
    await shop.order(die)
    await shop.settled()
    const [letter] = await shop.mesh.operations.deadLetters({})
    const config = quickConfig(data)
    await expect(openMesh({ config, services }, 'write')).rejects.toMatchObject({ code: 'MESH_DATA_IN_USE' })
    await shop.mesh.stop()

    const closed = await openMesh({ config, services }, 'write')
    await closed.operations.redrive(letter?.id ?? '', 'ann')
    expect(await closed.operations.audit()).toMatchObject({ drift: 0, services: [{ waiting: 1 }] })
    await closed.close()
    mood.refuse = false
    const again = await open(services, { data })
    await again.settled()
    expect(seen).toEqual(['P-1#1 1', 'P-1#1 2'])
    expect(await again.packed('P-1')).toBe(1)
  })
})

describe('the list of dead letters', () => {
  it('can be filtered by class, service, key and status, oldest first, and limited', async () => {
    const shop = await open([packing(moody().pack)])
    await shop.order(die)
    await shop.settled()
    await shop.order({ parcel: 'P-2', wish: 'die' })
    await shop.mesh.bus.publish([
      { ...outgoing(orderedEvent('e-3', { parcel: 'P-3' })), value: Buffer.from('{') },
    ])
    await shop.settled()
    const { operations } = shop.mesh
    const keysOf = async (filter: Parameters<typeof operations.deadLetters>[0]) =>
      (await operations.deadLetters(filter)).map(({ key }) => key ?? '')
    expect((await keysOf({})).toSorted()).toEqual(['P-1', 'P-2', 'P-3'])
    expect((await keysOf({}))[0]).toBe('P-1')
    expect(await keysOf({ limit: 1 })).toEqual(['P-1'])
    expect(await keysOf({ class: 'poison' })).toEqual(['P-3'])
    expect(await keysOf({ key: 'P-2' })).toEqual(['P-2'])
    expect(await keysOf({ service: 'shipping' })).toEqual([])
    expect(await keysOf({ status: 'discarded' })).toEqual([])
    const [first] = await operations.deadLetters({ key: 'P-1' })
    await operations.discard(first?.id ?? '', 'ann', 'refunded')
    expect(await keysOf({ status: 'discarded' })).toEqual(['P-1'])
    expect((await keysOf({})).toSorted()).toEqual(['P-2', 'P-3'])
    expect(first).not.toHaveProperty('openSince')
  })
})
