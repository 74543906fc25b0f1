import { orderFulfilled } from '@commerce-mesh/contracts'
import { definePlugin } from '@commerce-mesh/mesh/plugin'
import { service, take } from './parts.js'

const printed = {
  type: 'certificate.printed.v1',
  data: { safeParse: () => ({ success: true }) },
  key: () => '1',
}

export default definePlugin({
  name: 'certificates',
  runtime: '0.1',
  contracts: [printed],
  services: [service('certificates', [take(orderFulfilled, 'print', { emits: [] })])],
})
