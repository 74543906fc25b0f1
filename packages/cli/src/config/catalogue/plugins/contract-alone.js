import { definePlugin } from '@commerce-mesh/mesh/plugin'
import { event } from './parts.js'

export default definePlugin({
  name: 'parcels',
  runtime: '0.1',
  contracts: [event('parcel.sent', 1, 'parcels')],
})
