import express from 'express'
import type { AddressInfo } from 'node:net'
import { serve } from './serve.ts'

// The bare loop of the intake row: express, its own JSON parser, an answer. Nothing is checked, nothing is kept.

const app = express()
app.disable('x-powered-by')
app.disable('etag')
app.post('/v1/orders', express.json(), (request, response) => {
  const { orderNumber } = request.body as { orderNumber: string }
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
    },
  )
})
