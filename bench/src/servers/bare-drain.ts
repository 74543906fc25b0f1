import kafkajs from 'kafkajs'
import { Pool } from 'undici'
import { serve } from './serve.ts'

// The bare loop of the drain: a kafkajs consumer, so many calls at once, the same two LMS calls for each order. Nothing is
// checked, nothing is kept, nothing is emitted; a crash loses or repeats whatever was under way.

/** What the measuring process says. */
export type BareDrainSettings = {
  readonly bootstrapServers: string
  readonly topic: string
  readonly partitions: number
  readonly lmsUrl: string
  readonly concurrency: number
}

const settings = JSON.parse(process.argv[2] ?? '{}') as BareDrainSettings
process.env['KAFKAJS_NO_PARTITIONER_WARNING'] = '1'
// kafkajs arms timers in the past, all the time.
process.removeAllListeners('warning')
const kafka = new kafkajs.Kafka({
  brokers: settings.bootstrapServers.split(','),
  logLevel: kafkajs.logLevel.ERROR,
})
const pool = new Pool(settings.lmsUrl, { connections: settings.concurrency })
const headers = {
  accept: 'application/json',
  authorization: 'JWT stub',
  'x-edx-api-key': 'mesh-api-key',
  'content-type': 'application/json',
}

type Order = { learner: { username: string }; lines: { courseId: string; mode: string }[] }

const enroll = async (value: Buffer | null) => {
  const { learner, lines } = JSON.parse(String(value)) as Order
  for (const { courseId, mode } of lines) {
    const path = `/api/enrollment/v1/enrollment/${learner.username},${courseId}`
    await (await pool.request({ method: 'GET', path, headers })).body.text()
    const body = JSON.stringify({
      user: learner.username,
      mode,
      is_active: true,
      course_details: { course_id: courseId },
    })
    const written = await pool.request({
      method: 'POST',
      path: '/api/enrollment/v1/enrollment',
      headers,
      body,
    })
    await written.body.text()
  }
}

let running = 0
const waiting: (() => void)[] = []
const inPool = async (work: () => Promise<void>) => {
  if (running >= settings.concurrency) await new Promise<void>((resolve) => waiting.push(resolve))
  else running++
  await work()
  const next = waiting.shift()
  if (next === undefined) running--
  else next()
}

let consumer: kafkajs.Consumer | undefined

const begin = async () => {
  const joining = kafka.consumer({ groupId: `bare.${settings.topic}`, maxWaitTimeInMs: 100 })
  consumer = joining
  const joined = new Promise<void>((resolve) => joining.on(joining.events.GROUP_JOIN, () => resolve()))
  await joining.connect()
  await joining.subscribe({ topic: settings.topic, fromBeginning: true })
  await joining.run({
    autoCommit: true,
    eachBatchAutoResolve: true,
    partitionsConsumedConcurrently: settings.partitions,
    eachBatch: async ({ batch }) => {
      await Promise.all(batch.messages.map(({ value }) => inPool(() => enroll(value))))
    },
  })
  await joined
}

const answer = (question: string): unknown => {
  if (question === 'begin') return begin()
  // Between its turns it is away: an idle kafkajs connection wakes up a thousand times a second.
  if (question === 'end') return consumer?.disconnect()
  return undefined
}

serve({}, answer, async () => {
  await consumer?.disconnect()
  await pool.close()
})
