import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import net from 'node:net'
import { pino } from 'pino'
import { kafkaClient } from '../client.ts'
import { createAddressBook } from '../wire/nodes.ts'
import { createLink } from './link.ts'

let server: net.Server
let sockets: net.Socket[]

beforeEach(async () => {
  sockets = []
  server = net.createServer((socket) => {
    socket.on('error', () => {})
    sockets.push(socket)
  })
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve))
})

afterEach(async () => {
  for (const socket of sockets) socket.destroy()
  await new Promise((resolve) => void server.close(resolve))
})

const open = (answerMs: number) => {
  const { port } = server.address() as net.AddressInfo
  const client = kafkaClient(
    {
      bootstrapServers: `127.0.0.1:${port}`,
      clientId: 'link',
      topicPrefix: '',
      replicationFactor: 1,
      minInsyncReplicas: 1,
      createTopics: false,
      sessionTimeoutMs: 6_000,
      requestTimeoutMs: 60_000,
    },
    pino({ level: 'silent' }),
  )
  return createLink(client, { answerMs, addresses: createAddressBook() })
}

describe('a link to a broker that takes connections and never answers', () => {
  it('gives a request up in time, and begins the next one with a new connection', async () => {
    const { nodes } = open(100)
    await expect(nodes.metadata(['a'])).rejects.toThrow('no answer within 60 ms')
    await expect(nodes.metadata(['a'])).rejects.toThrow('no answer within 60 ms')
    expect(sockets).toHaveLength(2)
    nodes.close()
  })

  it('ends what waits when it is reset, and when it is closed', async () => {
    const { nodes, reset } = open(60_000)
    for (const end of [reset, nodes.close]) {
      const connected = new Promise((resolve) => void server.once('connection', resolve))
      const waiting = nodes.metadata(['a'])
      const ended = expect(waiting).rejects.toThrow()
      await connected
      end()
      await ended
    }
    await expect(nodes.metadata(['a'])).rejects.toThrow('closed')
  })
})
