import { definePlugin } from '@commerce-mesh/mesh/plugin'
import { event, service, take } from './parts.js'

const ping = event('circle.ping', 1, 'circle')
const pong = event('circle.pong', 1, 'circle-back')

export default definePlugin({
  name: 'circle',
  runtime: '0.1',
  services: [
    service('circle', [take(pong, 'answer-pong', { emits: [ping] })], [ping]),
    service('circle-back', [take(ping, 'answer-ping', { emits: [pong] })], [pong]),
  ],
})
