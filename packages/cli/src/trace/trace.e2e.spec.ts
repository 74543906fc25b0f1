import { spawn } from 'node:child_process'
import type { ChildProcessWithoutNullStreams } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import path from 'node:path'
import { text } from 'node:stream/consumers'
import type { OrderStatus } from '@commerce-mesh/gateway'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { runCli, startCli, workingDirectory } from '../e2e/cli-process.ts'
import type { CliProcess } from '../e2e/cli-process.ts'

const MAIN = path.resolve(import.meta.dirname, '../main.ts')

const cwd = workingDirectory()
const example = JSON.parse(
  readFileSync(path.resolve(import.meta.dirname, '../../../../examples/order.json'), 'utf8'),
) as Record<string, unknown>

const mesh = (...args: string[]) => runCli(args, cwd)
const place = (orderNumber: string, username: string) =>
  runCli(['order', 'place', '-'], cwd, {
    input: JSON.stringify({ ...example, orderNumber, learner: { username } }),
  })

/** Resolves when a process has written some text on standard error. */
const noted = (process: ChildProcessWithoutNullStreams, wanted: string): Promise<void> =>
  new Promise((resolve) => {
    let seen = ''
    process.stderr.on('data', (chunk: Buffer) => {
      seen += chunk.toString()
      if (seen.includes(wanted)) resolve()
    })
  })

describe('mesh trace of orders that travel', () => {
  let up: CliProcess
  beforeAll(async () => {
    up = startCli(['up', '--demo', '--port', '0', '--lms-port', '0'], cwd)
    await up.printed(/Ctrl-C stops it/)
  })
  afterAll(async () => {
    up.kill('SIGKILL')
    await up.ended
  })

  const statusOf = async (orderNumber: string) =>
    JSON.parse((await mesh('trace', orderNumber, '--json')).out) as OrderStatus

  it('waits for an order that is not there yet, and tells its facts until it is fulfilled', async () => {
    const follower = spawn(process.execPath, [MAIN, 'trace', 'EDX-71', '--follow', '--explain'], { cwd })
    const printed = text(follower.stdout)
    const ended = once(follower, 'close')
    await noted(follower, 'No order EDX-71 is known')
    expect(await place('EDX-71', 'learner-71')).toMatchObject({ code: 0 })
    const out = await printed
    expect(await ended).toEqual([0, null])
    expect(out).toMatch(
      /order\.submitted\.v1[^]*grant-on-order-placed {2}done[^]*route: default[^]*order\.fulfilled\.v1/,
    )
    expect(out).toMatch(/EDX-71 {2}fulfilled\n$/)
  })

  it('goes on at a failed order until Ctrl-C, and says what a person must do', async () => {
    expect(await place('EDX-72', 'nobody')).toMatchObject({ code: 0 })
    const follower = startCli(['trace', 'EDX-72', '--follow'], cwd)
    await follower.printed(/mesh dead show dl-/)
    follower.kill('SIGINT')
    expect(await follower.ended).toMatchObject({
      code: 0,
      signal: null,
      out: expect.stringMatching(/to do: /),
      err: expect.stringMatching(/A person must look at it: .*mesh dead show dl-/),
    })
  })

  it('finds an order by what else is known of it, running or not', async () => {
    const { traceId = '', timeline } = await statusOf('DEMO-100003')
    const event = timeline.find((entry) => entry.kind === 'event' && entry.type === 'order.placed.v1')
    const notified = timeline.find((entry) => entry.kind === 'hop' && entry.traceId !== traceId)
    const second = notified?.kind === 'hop' ? notified.traceId : undefined
    const ids = ['pi_DEMO-100003', traceId, event?.id ?? '', second ?? '']
    const expectFound = async () => {
      for (const id of ids)
        expect(await mesh('trace', id)).toMatchObject({
          code: 0,
          out: expect.stringMatching(/^DEMO-100003 {2}fulfilled/),
          err: expect.stringMatching(
            new RegExp(`${id} is (a trace|the payment reference|an event) of DEMO-100003\\.`),
          ),
        })
    }
    await expectFound()
    up.kill('SIGKILL')
    await up.ended
    await expectFound()
    expect(await mesh('trace', 'pi_none')).toMatchObject({
      code: 1,
      err: expect.stringContaining('No order, trace, payment or event pi_none is known'),
    })
  })

  it('draws from the data of a mesh that does not run', async () => {
    expect(await mesh('trace', 'DEMO-100001', '--format', 'svg')).toMatchObject({
      code: 0,
      out: expect.stringMatching(/^<svg [^]*fulfillment\/grant-on-order-placed[^]*<\/svg>\n$/),
    })
    expect(await mesh('trace', 'EDX-72', '--format', 'html')).toMatchObject({
      code: 0,
      out: expect.stringMatching(/^<!doctype html>[^]*MESH_LMS_LEARNER_UNKNOWN[^]*<\/html>\n$/),
    })
  })
})
