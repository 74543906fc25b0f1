import { orderFulfilled } from '@commerce-mesh/contracts'
import { definePlugin } from '@commerce-mesh/mesh/plugin'
import { event, service, take } from './parts.js'

const closed = event('shop.closed', 1, 'shop-hours', { key: () => 'all' })

export default definePlugin({
  name: 'shop-hours',
  runtime: '0.1',
  services: [
    service('shop-hours', [take(orderFulfilled, 'close', { emits: [closed] })], [closed]),
    service('shop-hours-sign', [take(closed, 'show', { emits: [] })]),
  ],
})
