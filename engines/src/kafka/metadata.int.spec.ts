import { afterEach, describe, expect, it } from '@jest/globals'
import { once } from 'node:events'
import net from 'node:net'
import { aliveBrokers } from './metadata.ts'

const servers: net.Server[] = []

const listening = async (answer: (socket: net.Socket) => void): Promise<number> => {
  const server = net.createServer((socket) => answer(socket.on('error', () => {})))
  servers.push(server.listen(0, '127.0.0.1'))
  await once(server, 'listening')
  return (server.address() as net.AddressInfo).port
}

afterEach(() => servers.splice(0).forEach((server) => server.close()))

describe('aliveBrokers', () => {
  const none = Buffer.from('00000016000000010000000000000000ffff0000000100000000', 'hex')

  it('puts an answer together that comes in pieces', async () => {
    const port = await listening((socket) => {
      socket.write(none.subarray(0, 3))
      socket.once('data', () => socket.write(none.subarray(3)))
    })
    expect(await aliveBrokers(port)).toEqual([])
  })

  // As Docker's proxy does while nobody listens in the container.
  it('does not wait for ever for who takes the connection and closes it', async () => {
    const port = await listening((socket) => socket.end())
    await expect(aliveBrokers(port)).rejects.toThrow('the connection was closed before the answer')
  })

  it('does not wait for ever for who says nothing', async () => {
    const port = await listening(() => {})
    await expect(aliveBrokers(port, 50)).rejects.toThrow('no answer within 50 ms')
  })

  it('says that nobody listens', async () => {
    const port = await listening(() => {})
    const [server] = servers.splice(0)
    server?.close()
    await expect(aliveBrokers(port)).rejects.toThrow('ECONNREFUSED')
  })
})
