import { orderFulfilled } from '@commerce-mesh/contracts'
import { definePlugin } from '@commerce-mesh/mesh/plugin'
import { event, service, take } from './parts.js'

const printed = event('certificate.printed', 1, 'certificates')

export default definePlugin({
  name: 'certificates',
  runtime: '0.1',
  services: [
    service(
      'certificates',
      [take(orderFulfilled, 'print', { emits: [] }), take(printed, 'mail', { emits: [] })],
      [printed],
    ),
  ],
})
