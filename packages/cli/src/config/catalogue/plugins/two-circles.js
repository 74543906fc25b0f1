import { definePlugin } from '@commerce-mesh/mesh/plugin'
import { event, service, take } from './parts.js'

const ping = event('circle.ping', 1, 'circles')
const pong = event('circle.pong', 1, 'circles')
const pang = event('circle.pang', 1, 'circles')

export default definePlugin({
  name: 'circles',
  runtime: '0.1',
  services: [
    service(
      'circles',
      [
        take(ping, 'on-ping', { emits: [pong, pang] }),
        take(pong, 'on-pong', { emits: [ping] }),
        take(pang, 'on-pang', { emits: [ping] }),
      ],
      [ping, pong, pang],
    ),
  ],
})
