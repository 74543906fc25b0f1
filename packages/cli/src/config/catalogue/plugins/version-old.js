import { orderFulfilled, upcastFrom } from '@commerce-mesh/contracts'
import { definePlugin } from '@commerce-mesh/mesh/plugin'
import { event, service, take } from './parts.js'

const v1 = event('certificate.printed', 1, 'certificates')
const v2 = event('certificate.printed', 2, 'certificates', { upcast: upcastFrom(v1, (data) => data) })

export default definePlugin({
  name: 'certificates',
  runtime: '0.1',
  services: [
    service('certificates', [take(orderFulfilled, 'print', { emits: [v1, v2] })], [v1, v2]),
    service('certificates-mail', [take(v1, 'mail', { emits: [] })]),
  ],
})
