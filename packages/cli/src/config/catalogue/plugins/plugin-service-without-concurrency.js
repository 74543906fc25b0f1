import { orderFulfilled } from '@commerce-mesh/contracts'
import { definePlugin, defineService } from '@commerce-mesh/mesh/plugin'
import { z } from 'zod'
import { take } from './parts.js'

const certificates = defineService({
  name: 'certificates',
  options: z.strictObject({}),
  handlers: [take(orderFulfilled, 'print', { emits: [] })],
  emits: [],
  initialState: () => ({}),
})

export default definePlugin({ name: 'certificates', runtime: '0.1', services: [certificates] })
