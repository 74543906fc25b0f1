import http from 'node:http'
import type { AddressInfo } from 'node:net'

/** A proxy in front of the sandbox LMS that only notes when enrollment calls arrive. */
export const watchArrivals = async (
  target: string,
): Promise<{ url: string; arrivals: number[]; close(): Promise<void> }> => {
  const arrivals: number[] = []
  const agent = new http.Agent({ keepAlive: true })
  const { hostname, port } = new URL(target)
  const server = http.createServer((request, response) => {
    if (request.url?.startsWith('/api/enrollment')) arrivals.push(performance.now())
    const onward = http.request(
      { agent, hostname, port, path: request.url, method: request.method, headers: request.headers },
      (answer) => {
        response.writeHead(answer.statusCode ?? 502, answer.headers)
        answer.pipe(response)
      },
    )
    onward.on('error', () => response.destroy())
    request.pipe(onward)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    arrivals,
    close: async () => {
      server.closeAllConnections()
      agent.destroy()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
