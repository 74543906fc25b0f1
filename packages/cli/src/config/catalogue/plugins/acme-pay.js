import { createHmac, timingSafeEqual } from 'node:crypto'
import { paymentNotified } from '@commerce-mesh/contracts'
import { definePlugin, defineSource } from '@commerce-mesh/mesh/plugin'
import { z } from 'zod'

const isRight = (given, body, secret) => {
  const wanted = createHmac('sha256', secret).update(body).digest()
  const sent = Buffer.from(String(given), 'hex')
  return sent.length === wanted.length && timingSafeEqual(sent, wanted)
}

const acmePay = defineSource({
  name: 'acme-pay',
  emits: [paymentNotified],
  options: z.strictObject({ secrets: z.array(z.string().meta({ secret: true })).default([]) }),
  secrets: ({ secrets }) => secrets,
  verify: ({ headers, body }, { secrets }) =>
    secrets.some((secret) => isRight(headers['x-signature'], body, secret)),
  read: () => ({ ignored: 'event-type' }),
})

export default definePlugin({ name: 'acme', runtime: '0.1', sources: [acmePay] })
