import { orderFulfilled, paymentCaptured } from '@commerce-mesh/contracts'
import { definePlugin } from '@commerce-mesh/mesh/plugin'
import { service, take } from './parts.js'

export default definePlugin({
  name: 'gifts',
  runtime: '0.1',
  services: [
    service('gifts', [take(orderFulfilled, 'add-gift', { emits: [paymentCaptured] })], [paymentCaptured]),
  ],
})
