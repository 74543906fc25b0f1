import { orderFulfilled } from '@commerce-mesh/contracts'
import { definePlugin } from '@commerce-mesh/mesh/plugin'
import { z } from 'zod'
import { service, take } from './parts.js'

const options = z.strictObject({ url: z.url() })

export default definePlugin({
  name: 'printer',
  runtime: '0.1',
  services: [service('printer', [take(orderFulfilled, 'print', { emits: [] })], [], { options })],
})
