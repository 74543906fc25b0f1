import { orderFulfilled } from '@commerce-mesh/contracts'
import { definePlugin } from '@commerce-mesh/mesh/plugin'
import { event, service, take } from './parts.js'

export default definePlugin({
  name: 'certificates',
  runtime: '0.1',
  contracts: [event('certificate.printed', 1, 'certificates')],
  sinks: [service('certificates', [take(orderFulfilled, 'print', { emits: [] })])],
})
