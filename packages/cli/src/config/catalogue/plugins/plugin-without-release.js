import { orderFulfilled } from '@commerce-mesh/contracts'
import { definePlugin } from '@commerce-mesh/mesh/plugin'
import { service, take } from './parts.js'

export default definePlugin({
  name: 'certificates',
  services: [service('certificates', [take(orderFulfilled, 'print', { emits: [] })])],
})
