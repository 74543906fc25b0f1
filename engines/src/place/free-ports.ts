import { randomInt } from 'node:crypto'
import net from 'node:net'

/**
 * Ports are taken from below the range that the operating system gives to outgoing connections (from 32768 on Linux,
 * 49152 elsewhere): while a broker is down, no client may happen to sit on its port.
 */
const RANGE = { from: 20_000, to: 32_000 } as const

const given = new Set<number>()

/** Whether nobody listens on this port of loopback. */
export const isFree = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const server = net.createServer()
    server.once('error', () => resolve(false))
    server.listen({ port, host: '127.0.0.1', exclusive: true }, () => server.close(() => resolve(true)))
  })

/**
 * Ports of loopback that nobody listens on, all different; the same port is never given twice by one process.
 *
 * @param count - how many.
 * @throws Error when there are not that many.
 */
export const freePorts = async (count: number): Promise<readonly number[]> => {
  const ports: number[] = []
  const first = randomInt(RANGE.from, RANGE.to)
  for (let step = 0; ports.length < count; step++) {
    if (step > RANGE.to - RANGE.from) throw new Error(`There are no ${count} free ports on 127.0.0.1.`)
    const port = RANGE.from + ((first - RANGE.from + step) % (RANGE.to - RANGE.from))
    if (given.has(port)) continue
    given.add(port)
    if (await isFree(port)) ports.push(port)
  }
  return ports
}

/** Each wanted port, or a free one in its place where somebody listens there already. */
export const portsLike = async (wanted: readonly number[]): Promise<readonly number[]> => {
  for (const port of wanted) given.add(port)
  const free = await Promise.all(wanted.map(isFree))
  const others = await freePorts(free.filter((isIt) => !isIt).length)
  let next = 0
  return wanted.map((port, index) => (free[index] === true ? port : (others[next++] ?? port)))
}
