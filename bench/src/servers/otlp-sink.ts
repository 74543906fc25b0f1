import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { serve } from './serve.ts'

// A collector that throws away what it gets: what it would do with it is not the mesh's cost.

let requests = 0
let bytes = 0
const server = createServer((request, response) => {
  requests++
  request.on('data', (chunk: Buffer) => {
    bytes += chunk.length
  })
  request.on('end', () => response.writeHead(200, { 'content-type': 'application/json' }).end('{}'))
})
server.listen(0, '127.0.0.1', () => {
  serve(
    { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` },
    () => ({ requests, bytes }),
    async () => {
      server.closeAllConnections()
      server.close()
    },
  )
})
