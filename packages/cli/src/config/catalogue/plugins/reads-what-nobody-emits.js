import { definePlugin } from '@commerce-mesh/mesh/plugin'
import { event, service, take } from './parts.js'

const sent = event('parcel.sent', 1, 'parcels')

export default definePlugin({
  name: 'tracking',
  runtime: '0.1',
  services: [service('tracking', [take(sent, 'track', { emits: [] })])],
})
