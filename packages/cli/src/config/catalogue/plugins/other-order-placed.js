import { definePlugin } from '@commerce-mesh/mesh/plugin'
import { event, service, take } from './parts.js'

const placed = event('order.placed', 1, 'payments')

export default definePlugin({
  name: 'warehouse',
  runtime: '0.1',
  services: [service('warehouse', [take(placed, 'pick', { emits: [] })])],
})
