import { describe, expect, it } from '@jest/globals'
import { ENGINES, engineOf } from '../engine/engines.ts'
import { repository } from '../place/place.ts'
import { imageOf } from './compose-images.ts'
import { createRequest } from './container.ts'

describe('a container', () => {
  it('opens its ports on loopback only and keeps its data in a volume of its name', () => {
    const request = createRequest('mongo', 'mesh-mongo', 'mongo:8', engineOf('mongo').container([31_000]))
    expect(request.HostConfig).toEqual({
      PortBindings: { '27017/tcp': [{ HostIp: '127.0.0.1', HostPort: '31000' }] },
      Binds: ['mesh-mongo:/data/db'],
    })
    expect(request.Cmd).toEqual(['mongod', '--replSet', 'mesh', '--bind_ip_all'])
  })

  it('of Kafka tells clients the port outside, and itself the one inside', () => {
    const { Env } = createRequest('kafka', 'k', 'apache/kafka', engineOf('kafka').container([31_092, 31_093]))
    expect(Env).toContain('KAFKA_ADVERTISED_LISTENERS=PLAINTEXT://127.0.0.1:31092,INTERNAL://localhost:19092')
  })

  it.each(ENGINES.map(({ composeService }) => composeService))(
    'of %s has its image from docker-compose.yml',
    (name) => {
      expect(imageOf(repository, name)).toMatch(/^[a-z0-9./-]+:v?\d+\.\d+\.\d+/)
    },
  )
})
