import { orderFulfilled } from '@commerce-mesh/contracts'
import { definePlugin } from '@commerce-mesh/mesh/plugin'
import { z } from 'zod'
import { event, service, take } from './parts.js'

const seated = event('seat.taken', 1, 'seats', {
  key: ({ orderNumber, guest }) => orderNumber ?? guest.name,
  data: z.strictObject({
    orderNumber: z.string().optional(),
    guest: z.strictObject({ name: z.string().nullable() }),
  }),
})

export default definePlugin({
  name: 'seats',
  runtime: '0.1',
  services: [
    service('seats', [take(orderFulfilled, 'seat', { emits: [seated] })], [seated]),
    service('seats-plan', [take(seated, 'draw', { emits: [] })]),
  ],
})
