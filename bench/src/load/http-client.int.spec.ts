import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { eventually } from '@commerce-mesh/testing'
import { describe, expect, it } from '@jest/globals'
import { connect } from './http-client.ts'

describe('connect', () => {
  it('given a server that hung up, says so and refuses the next request instead of waiting for ever', async () => {
    const server = createServer((request, response) => {
      request.resume()
      request.on('end', () => response.writeHead(202, { 'content-length': '0' }).end())
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    try {
      const connection = await connect((server.address() as AddressInfo).port)
      expect(await connection.post('/', '{}')).toBe(202)
      expect(connection.isOpen()).toBe(true)
      server.closeAllConnections()
      await eventually(() => !connection.isOpen(), { what: 'the client has heard' })
      await expect(connection.post('/', '{}')).rejects.toThrow('connection lost')
    } finally {
      server.closeAllConnections()
      server.close()
    }
  })
})
