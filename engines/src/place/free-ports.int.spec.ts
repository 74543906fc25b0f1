import { describe, expect, it } from '@jest/globals'
import { once } from 'node:events'
import net from 'node:net'
import { freePorts, isFree, portsLike } from './free-ports.ts'

const listening = async (port: number, host = '127.0.0.1') => {
  const server = net.createServer().listen(port, host)
  await once(server, 'listening')
  return server
}

describe('free ports', () => {
  it('are all different, never given twice, and below those of outgoing connections', async () => {
    const ports = [...(await freePorts(5)), ...(await freePorts(5))]
    expect(new Set(ports).size).toBe(10)
    for (const port of ports) expect([port, port >= 20_000 && port < 32_000]).toEqual([port, true])
    await Promise.all(ports.map(async (port) => (await listening(port)).close()))
  })

  it.each(['127.0.0.1', '0.0.0.0'])('are not those that somebody listens on at %s', async (host) => {
    const [port = 0] = await freePorts(1)
    const server = await listening(port, host)
    expect(await isFree(port)).toBe(false)
    server.close()
    await once(server, 'close')
    expect(await isFree(port)).toBe(true)
  })

  it('stand in for wanted ones that are taken, and only for those', async () => {
    const [taken = 0, free = 0] = await freePorts(2)
    const server = await listening(taken)
    const [instead, same] = await portsLike([taken, free])
    expect(same).toBe(free)
    expect([taken, free]).not.toContain(instead)
    server.close()
  })
})
