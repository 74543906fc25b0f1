import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { describe, expect, it } from '@jest/globals'
import { sendAtRate } from './open-loop.ts'

/** A server that keeps its first answer back for a while. */
const startServer = async (stallMs: number) => {
  let requests = 0
  const server = createServer((request, response) => {
    request.resume()
    request.on('end', () => {
      const answer = () => response.writeHead(202, { 'content-length': '0' }).end()
      if (requests++ === 0) setTimeout(answer, stallMs)
      else answer()
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    port: (server.address() as AddressInfo).port,
    close: () => {
      server.closeAllConnections()
      server.close()
    },
  }
}

describe('sendAtRate', () => {
  it('counts the time since an order was due, also where no connection was free', async () => {
    const { port, close } = await startServer(300)
    try {
      const result = await sendAtRate('T', {
        port,
        connections: 1,
        perSecond: 100,
        goesOn: (sent) => sent < 20,
      })
      expect(result).toMatchObject({ sent: 20, ok: 20 })
      // The only connection waits for the first answer; the second order, due after 10 ms, waits with it.
      expect(result.latenciesMs[1]).toBeGreaterThan(250)
      expect(result.latenessMs[1]).toBeGreaterThan(250)
    } finally {
      close()
    }
  })

  it('keeps the clock while an answer is late', async () => {
    const { port, close } = await startServer(300)
    try {
      const { latenciesMs } = await sendAtRate('T', {
        port,
        connections: 2,
        perSecond: 100,
        goesOn: (sent) => sent < 20,
      })
      expect(latenciesMs.filter((ms) => ms > 250)).toHaveLength(1)
    } finally {
      close()
    }
  })
})
