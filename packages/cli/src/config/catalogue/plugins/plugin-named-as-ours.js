import { orderFulfilled } from '@commerce-mesh/contracts'
import { definePlugin } from '@commerce-mesh/mesh/plugin'
import { service, take } from './parts.js'

export default definePlugin({
  name: 'payments',
  runtime: '0.1',
  services: [service('payments', [take(orderFulfilled, 'book', { emits: [] })])],
})
