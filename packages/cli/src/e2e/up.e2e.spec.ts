import { execFile } from 'node:child_process'
import { readFileSync, statSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import type { CliProcess } from './cli-process.ts'
import { runCli, startCli, workingDirectory } from './cli-process.ts'

const cwd = workingDirectory()
const UP = ['up', '--demo', '--port', '0', '--lms-port', '0']
const example = JSON.parse(
  readFileSync(path.resolve(import.meta.dirname, '../../../../examples/order.json'), 'utf8'),
) as Record<string, unknown>

const mesh = (...args: string[]) => runCli(args, cwd)
const place = (more: Record<string, unknown>, ...flags: string[]) =>
  runCli(['order', 'place', '-', ...flags], cwd, { input: JSON.stringify({ ...example, ...more }) })

const address = (out: string, name: string) => new RegExp(`${name} +(http://\\S+)`).exec(out)?.[1] ?? ''

describe('mesh up --demo', () => {
  let up: CliProcess
  let out = ''
  beforeAll(async () => {
    up = startCli(UP, cwd)
    out = await up.printed(/Ctrl-C stops it/)
  })
  afterAll(async () => {
    up.kill('SIGKILL')
    await up.ended
  })

  it('brings three orders in by three ways and shows the first one’s', () => {
    expect(out.match(/^ {2}DEMO-10000\d {2}fulfilled/gm)).toHaveLength(3)
    expect(out).toMatch(
      /order\.submitted\.v1[^]*payments\/[^]*order\.placed\.v1[^]*fulfillment\/[^]*order\.fulfilled\.v1/,
    )
    expect(out).not.toContain('mesh_')
  })

  it('enrolled each once', async () => {
    const effects = (await (await fetch(`${address(out, 'sandbox LMS')}/_sandbox/effects`)).json()) as {
      user: string
      effects: number
      isActive: boolean
    }[]
    const seen = effects.map(({ user, effects: count, isActive }) => `${user} ${count} ${isActive}`)
    expect(new Set(seen)).toEqual(new Set(['bob 1 true', 'carol 1 true', 'dave 1 true']))
    expect(seen).toHaveLength(3)
  })

  it('prints a curl line that works as it stands', async () => {
    const line = /^ {2}(curl .*)$/m.exec(out)?.[1] ?? ''
    const { stdout } = await promisify(execFile)('/bin/sh', ['-c', `${line} -s`], { cwd })
    expect(JSON.parse(stdout)).toMatchObject({ orderNumber: 'EDX-100001' })
    expect(await mesh('trace', 'EDX-100001')).toMatchObject({ code: 0 })
  })

  it('keeps its secrets to itself', () => {
    for (const file of ['secrets.json', 'operator.key'])
      expect((statSync(path.join(cwd, '.mesh', file)).mode & 0o777).toString(8)).toBe('600')
  })

  it('is found by the other commands', async () => {
    const [status, audit, dead, trace] = await Promise.all([
      mesh('status'),
      mesh('audit'),
      mesh('dead', 'list'),
      mesh('trace', 'DEMO-100002', '--json'),
    ])
    expect(status).toMatchObject({ code: 0, out: expect.stringMatching(/ready[^]*fulfillment +closed/) })
    expect(audit).toMatchObject({ code: 0, out: expect.stringContaining('Drift 0') })
    expect(dead).toMatchObject({ code: 0, out: 'No dead letters.\n' })
    expect(JSON.parse(trace.out)).toMatchObject({
      orderNumber: 'DEMO-100002',
      status: 'fulfilled',
      submittedBy: 'lms:staff',
    })
  })

  it('takes an order from a file or a pipe, and says what is wrong with one', async () => {
    writeFileSync(
      path.join(cwd, 'an order.json'),
      JSON.stringify({ ...example, orderNumber: 'EDX-2', learner: { username: 'learner-2' } }),
    )
    expect(await mesh('order', 'place', 'an order.json', '--wait')).toMatchObject({
      code: 0,
      out: expect.stringMatching(/EDX-2 accepted[^]*EDX-2 fulfilled/),
    })
    expect(await place({ totl: 1 })).toMatchObject({
      code: 1,
      err: expect.stringMatching(/MESH_REQUEST_INVALID[^]*totl: .*'total'/),
    })
    expect(await mesh('order', 'place', 'none.json')).toMatchObject({
      code: 2,
      err: expect.stringContaining('There is no file none.json'),
    })
    expect(await mesh('trace', 'EDX-999')).toMatchObject({
      code: 1,
      err: expect.stringContaining('MESH_ORDER_UNKNOWN'),
    })
  })

  it('makes keys and tokens that the gateway takes', async () => {
    const gateway = address(out, 'gateway')
    const ask = async (authorization: string, url: string, method = 'GET') =>
      (
        await fetch(`${gateway}${url}`, {
          method,
          headers: { authorization, 'content-type': 'application/json' },
          ...(method === 'POST' && { body: '{}' }),
        })
      ).status
    const key = (await mesh('token', 'shop', '--scope', 'orders:read')).out.trim()
    expect(await ask(`Bearer ${key}`, '/v1/orders/DEMO-100001')).toBe(404)
    expect(await ask(`Bearer ${key}`, '/v1/audit')).toBe(403)
    expect(await ask(`JWT ${(await mesh('token', '--learner')).out.trim()}`, '/titan/fulfill/', 'POST')).toBe(
      403,
    )
    expect(await ask(`JWT ${(await mesh('token', '--staff')).out.trim()}`, '/titan/fulfill/', 'POST')).toBe(
      400,
    )
  })

  it('says that a known order was handed in with other contents', async () => {
    const learner = { username: 'learner-9' }
    expect(await place({ orderNumber: 'EDX-9', learner }, '--wait')).toMatchObject({ code: 0 })
    expect(await place({ orderNumber: 'EDX-9', learner }, '--wait')).toMatchObject({ code: 0 })
    const other = await place({ orderNumber: 'EDX-9', learner: { username: 'learner-10' } }, '--wait')
    expect(other).toMatchObject({
      code: 1,
      out: expect.stringMatching(/was set aside[^]*MESH_ORDER_CONFLICT/),
      err: expect.stringContaining('mesh trace EDX-9'),
    })
  })

  it('lets a person look at a dead letter and close it', async () => {
    expect(await place({ orderNumber: 'EDX-3', learner: { username: 'nobody' } }, '--wait')).toMatchObject({
      code: 1,
      out: expect.stringContaining('EDX-3 failed'),
    })
    const [letter] = JSON.parse((await mesh('dead', 'list', '--json', '--order', 'EDX-3')).out) as {
      id: string
      code: string
    }[]
    const id = letter?.id ?? ''
    const shown = await mesh('dead', 'show', id)
    expect(shown.out).toMatch(/MESH_LMS_LEARNER_UNKNOWN[^]*To do:[^]*"username": "\[personal\]"/)
    expect((await mesh('dead', 'show', id, '--personal')).out).toContain('"username": "nobody"')
    expect((await mesh('trace', 'EDX-3')).out).toContain(`mesh dead show ${id}`)
    expect(await mesh('dead', 'discard', id)).toMatchObject({
      code: 2,
      err: expect.stringContaining('--reason'),
    })
    expect(await mesh('dead', 'discard', id, '--reason', 'a test')).toMatchObject({ code: 0 })
    expect(await mesh('dead', 'redrive', id)).toMatchObject({
      code: 1,
      err: expect.stringContaining('MESH_DEAD_LETTER_CLOSED'),
    })
    expect((await mesh('trace', 'EDX-3')).out).not.toContain(id)
  })

  it('refuses a second mesh on the same data, and on the same port', async () => {
    expect(await runCli(UP, cwd)).toMatchObject({
      code: 3,
      err: expect.stringMatching(/^MESH_DATA_IN_USE .*already, at http/),
    })
    const { port } = new URL(address(out, 'gateway'))
    const elsewhere = ['up', '--data', 'other', '--port', port, '--lms', address(out, 'sandbox LMS')]
    const { code, err } = await runCli(elsewhere, cwd)
    expect(code).toBe(3)
    expect(err).toMatch(new RegExp(`^MESH_PORT_TAKEN Port ${port} `, 'm'))
    expect(err).not.toMatch(/^\s+at /m)
    const underNpm = await runCli(elsewhere, cwd, { env: { npm_lifecycle_event: 'start' } })
    expect(underNpm.err).toContain('`npm start -- --port N`')
  })

  it('prints no credentials of an address, and warns of a token that only a demo accepts', async () => {
    const url = address(out, 'sandbox LMS').replace('http://', 'http://user:hidden@')
    const other = startCli(['up', '--data', 'shown', '--port', '0', '--lms', url], cwd)
    expect(await other.printed(/Ctrl-C stops it/)).not.toContain('hidden')
    other.kill('SIGTERM')
    await other.ended
    expect((await mesh('token', '--staff')).err).toContain('until services.gateway.jwt.secret is set')
  })

  it('stops on Ctrl-C, is read without running, and goes on where it was', async () => {
    up.kill('SIGINT')
    const ended = await up.ended
    expect(ended).toMatchObject({ code: 0, signal: null, err: expect.stringMatching(/Stopped\.\n$/) })
    expect(ended.err).not.toMatch(/^\s+at /m)
    const offline = await mesh('trace', 'DEMO-100001')
    expect(offline).toMatchObject({
      code: 0,
      out: expect.stringContaining('order.fulfilled.v1'),
      err: expect.stringContaining('No mesh runs on .mesh'),
    })
    expect(await mesh('audit')).toMatchObject({ code: 0, out: expect.stringContaining('Drift 0') })
    expect(await mesh('status')).toMatchObject({ code: 3 })
    expect(await mesh('order', 'place', 'an order.json')).toMatchObject({
      code: 3,
      err: expect.stringContaining('mesh up'),
    })
    up = startCli(UP, cwd)
    const again = await up.printed(/Ctrl-C stops it/)
    expect(again.match(/DEMO-10000\d {2}fulfilled .*\(placed by an earlier start\)/g)).toHaveLength(3)
  })

  it('is found dead after SIGKILL, and nothing is in the way of the next start', async () => {
    up.kill('SIGKILL')
    await up.ended
    expect(await mesh('status')).toMatchObject({ code: 3, err: expect.stringContaining('was killed') })
    expect(await mesh('trace', 'DEMO-100003')).toMatchObject({ code: 0 })
    up = startCli(UP, cwd)
    await up.printed(/Ctrl-C stops it/)
    expect(await mesh('status')).toMatchObject({ code: 0 })
  })
})
