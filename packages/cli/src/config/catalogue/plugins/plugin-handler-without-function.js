import { orderFulfilled } from '@commerce-mesh/contracts'
import { definePlugin, handles } from '@commerce-mesh/mesh/plugin'
import { service } from './parts.js'

export default definePlugin({
  name: 'certificates',
  runtime: '0.1',
  services: [service('certificates', [handles(orderFulfilled, 'print', { emits: [] })])],
})
