import { pino } from 'pino'
import { z } from 'zod'
import { orderedEvent, outgoing, parcelOrdered, parcelPacked } from '../aggregate/parcel.fixture.ts'
import { dead, retry } from '../service/outcome.ts'
import { type Service, type ServiceContext, defineService } from '../service/service.ts'
import { startMesh } from './mesh.ts'
import {
  type Order,
  type Packer,
  type Packing,
  type Shipping,
  eventsOn,
  packIt,
  packing,
  quickConfig,
  shipping,
  untilSettled,
} from './parcel-shop.fixture.ts'

// A small mesh in a process of its own, which failpoints may kill at any place. Publishes what was not acknowledged
// before, says `accepted <name>` for each, and once all is at rest prints a report as its last line.

const [data = '', acknowledged = ''] = process.argv.slice(2)

const orders: Readonly<Record<string, Order>> = {
  'P-1': { parcel: 'P-1' },
  'P-2': { parcel: 'P-2' },
  'P-3': { parcel: 'P-3', wish: 'wait' },
  'P-4': { parcel: 'P-4', wish: 'die' },
  'P-5': { parcel: 'P-5' },
}

const pack: Packer = (order, state, context, event) => {
  if (order.wish === 'die') return dead({ code: 'MESH_LMS_FORBIDDEN', reason: 'The LMS says no.' })
  if (order.wish === 'wait' && context.attempt < 3) return retry({ code: 'MESH_LMS_ERROR', reason: 'ill' })
  return packIt(order, state, context, event)
}

const edge = Promise.withResolvers<ServiceContext<unknown>['publish']>()
const shop = defineService<object, object>({
  name: 'shop',
  options: z.strictObject({}),
  handlers: [],
  emits: [parcelOrdered],
  initialState: () => ({}),
  concurrency: 1,
  start: ({ publish }) => {
    edge.resolve(publish)
    return {}
  },
}) as unknown as Service<never, never>

const services = [shop, packing(pack), shipping()]
const mesh = await startMesh({ config: quickConfig(data), services, log: pino({ level: 'silent' }) })
const publish = await edge.promise

const accept = async (name: string, work: () => Promise<unknown>) => {
  if (acknowledged.split(',').includes(name)) return
  await work()
  process.stdout.write(`accepted ${name}\n`)
}

await accept('poison', () =>
  mesh.bus.publish([{ ...outgoing(orderedEvent('bad', { parcel: 'P-0' })), value: Buffer.from('{') }]),
)
for (const [parcel, order] of Object.entries(orders)) {
  await accept(parcel, () => publish(parcelOrdered, order, { id: `e-${parcel}`, traceparent: 'none' }))
}
await untilSettled(mesh, services)

const states = Object.keys(orders).map(async (parcel) => ({
  parcel,
  packed: (await mesh.readState<Packing>('packing', parcel))?.packed,
  shipped: (await mesh.readState<Shipping>('shipping', parcel))?.shipped,
}))
const letters = await mesh.operations.deadLetters({})
const report: CrashReport = {
  states: await Promise.all(states),
  letters: letters.map(({ class: kind, key }) => `${kind} ${key}`),
  packedEvents: new Set((await eventsOn(mesh, parcelPacked)).map(({ id, subject }) => `${subject} ${id}`))
    .size,
  drift: (await mesh.operations.audit()).drift,
}
await mesh.stop()
process.stdout.write(`${JSON.stringify(report)}\n`)

/** What a mesh at rest has to show. */
export type CrashReport = {
  readonly states: readonly { parcel: string; packed: number | undefined; shipped: number | undefined }[]
  readonly letters: readonly string[]
  /** Different events that say that a parcel was packed. */
  readonly packedEvents: number
  readonly drift: number
}
