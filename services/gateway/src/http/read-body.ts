import type { IncomingMessage } from 'node:http'
import { Refusal } from '../problem/refusal.ts'
import type { ByteBudget } from './byte-budget.ts'

/** The caller hung up before its request was whole: there is nobody to answer. */
export class CallerGone extends Error {
  override readonly name = 'CallerGone'
}

const tooLarge = (limit: number) =>
  new Refusal(413, 'MESH_REQUEST_TOO_LARGE', `The body is larger than ${limit} bytes.`)

/** Whether more is announced than may come; a chunked body announces nothing. */
const announcesTooMuch = (request: IncomingMessage, limit: number) =>
  Number(request.headers['content-length'] ?? 0) > limit

/**
 * Reads a body once, counting bytes as they arrive.
 *
 * @param limit - bytes; one more is refused at once, without waiting for the rest.
 * @throws Refusal 413 or 503, CallerGone.
 */
export const readBody = (request: IncomingMessage, limit: number, budget: ByteBudget): Promise<Buffer> =>
  new Promise((resolve, reject) => {
    if (announcesTooMuch(request, limit)) return reject(tooLarge(limit))
    const chunks: Buffer[] = []
    let size = 0
    let settled = false
    const settle = () => {
      settled = true
      budget.give(size)
    }
    const refuse = (thrown: unknown) => {
      settle()
      reject(thrown)
    }
    const take = (chunk: Buffer) => {
      try {
        if (size + chunk.length > limit) throw tooLarge(limit)
        budget.take(chunk.length)
        size += chunk.length
        chunks.push(chunk)
      } catch (thrown) {
        chunks.length = 0
        refuse(thrown)
      }
    }
    request.on('data', (chunk: Buffer) => {
      if (!settled) take(chunk)
    })
    request.on('end', () => {
      if (settled) return
      settle()
      resolve(chunks.length === 1 && chunks[0] !== undefined ? chunks[0] : Buffer.concat(chunks, size))
    })
    const gone = () => {
      if (!settled) refuse(new CallerGone())
    }
    request.on('error', gone)
    request.on('close', gone)
  })
