import { orderFulfilled } from '@commerce-mesh/contracts'
import { definePlugin } from '@commerce-mesh/mesh/plugin'
import { service, take } from './parts.js'

export default definePlugin({
  name: 'printers',
  runtime: '0.1',
  services: [
    service('printers', [
      take(orderFulfilled, 'print-in-colour', {
        emits: [],
        when: { field: 'lines.*.mode', equals: 'verified' },
      }),
      take(orderFulfilled, 'print-in-bulk', { emits: [], when: { field: 'orderNumber', prefix: 'B2B-' } }),
      take(orderFulfilled, 'print', { emits: [] }),
    ]),
  ],
})
