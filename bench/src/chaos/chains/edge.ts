import { once } from 'node:events'
import { type IncomingMessage, type ServerResponse, createServer } from 'node:http'
import { json } from 'node:stream/consumers'
import type { ServiceContext } from '@commerce-mesh/mesh'
import { chainLinked } from './contracts.ts'

const TRACEPARENT = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-00'

/** Takes links (`POST /links`), answers 202 once they are durable and 503 otherwise; `/readyz` and `/metrics` as every service. */
export const createChainEdge = (
  { publish, health, metrics }: ServiceContext<object>,
  port: number,
): { open(): Promise<string>; close(): Promise<void> } => {
  const answer = async (request: IncomingMessage): Promise<{ status: number; body: string }> => {
    if (request.url === '/readyz') {
      const readiness = await health.readiness()
      return { status: readiness.ready ? 200 : 503, body: JSON.stringify(readiness) }
    }
    if (request.url === '/metrics') return { status: 200, body: await metrics.text() }
    const data = chainLinked.data.parse(await json(request))
    const id = `${data.chain}#${data.link}`
    await publish(chainLinked, data, { id, traceparent: TRACEPARENT })
    return { status: 202, body: '{}' }
  }
  const respond = (response: ServerResponse, { status, body }: { status: number; body: string }) => {
    response.writeHead(status)
    response.end(body)
  }
  const server = createServer((request, response) => {
    answer(request).then(
      (answered) => respond(response, answered),
      () => respond(response, { status: 503, body: '{}' }),
    )
  })
  return {
    open: async () => {
      server.listen(port, '127.0.0.1')
      await once(server, 'listening')
      return `http://127.0.0.1:${port}`
    },
    close: async () => {
      const closed = once(server, 'close')
      server.close()
      server.closeAllConnections()
      await closed
    },
  }
}
