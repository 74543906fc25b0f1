import express from 'express'
import kafkajs from 'kafkajs'
import type { AddressInfo } from 'node:net'
import { serve } from './serve.ts'

// The bare loop of added latency: express, its own JSON parser, one `producer.send` of kafkajs that all in-sync replicas
// confirm, an answer. Nothing is checked, and nobody looks whether the answer of the broker was whole.

/** What the measuring process says. */
export type BareKafkaSettings = { readonly bootstrapServers: string; readonly topic: string }

const { bootstrapServers, topic } = JSON.parse(process.argv[2] ?? '{}') as BareKafkaSettings
process.env['KAFKAJS_NO_PARTITIONER_WARNING'] = '1'
// kafkajs arms timers in the past, all the time.
process.removeAllListeners('warning')
const kafka = new kafkajs.Kafka({
  brokers: bootstrapServers.split(','),
  logLevel: kafkajs.logLevel.ERROR,
})
const producer = kafka.producer({ allowAutoTopicCreation: false })
await producer.connect()

const app = express()
app.disable('x-powered-by')
app.disable('etag')
app.post('/v1/orders', express.json(), async (request, response) => {
  const order = request.body as { orderNumber: string }
  const { orderNumber } = order
  await producer.send({ topic, acks: -1, messages: [{ key: orderNumber, value: JSON.stringify(order) }] })
  response
    .status(202)
    .json({ orderNumber, eventId: orderNumber, links: { self: `/v1/orders/${orderNumber}` } })
})
const server = app.listen(0, '127.0.0.1', () => {
  serve(
    { port: (server.address() as AddressInfo).port },
    () => undefined,
    async () => {
      server.closeAllConnections()
      server.close()
      await producer.disconnect()
    },
  )
})
