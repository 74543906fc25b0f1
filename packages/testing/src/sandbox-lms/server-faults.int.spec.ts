import { connect } from 'node:net'
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { startSandboxLms } from './server.ts'
import { as, codeOf, demo, enroll, send, until, withKey } from './spec-client.ts'
import type { SandboxLms } from './server.ts'

let lms: SandboxLms
beforeEach(async () => {
  lms = await startSandboxLms({ throttle: false })
})
afterEach(() => lms.close())

const effects = () => lms.effects().map(({ effects: done, calls }) => ({ effects: done, calls }))

describe('faults that answer in place of the LMS', () => {
  it.each([
    ['401', 401],
    ['429', 429],
    ['500', 500],
    ['503', 503],
    ['malformed', 200],
  ] as const)('%s: nothing is done, the call is counted', async (fault, status) => {
    lms.setFaults({ rules: [{ fault, times: 1 }] })
    expect((await enroll(lms.url)).status).toBe(status)
    expect(effects()).toEqual([{ effects: 0, calls: 1 }])
    expect(lms.calls()).toEqual([expect.objectContaining({ status, fault, user: 'bob', courseId: demo })])
    expect((await enroll(lms.url)).status).toBe(200)
    expect(effects()).toEqual([{ effects: 1, calls: 2 }])
  })

  it('429 and 503 name a time where told', async () => {
    lms.setFaults({ rules: [{ fault: '503', retryAfterSeconds: 2, times: 1 }, { fault: '429' }] })
    expect((await enroll(lms.url)).headers['retry-after']).toBe('2')
    expect((await enroll(lms.url)).headers['retry-after']).toBeUndefined()
  })

  it('malformed is no JSON', async () => {
    lms.setFaults({ rules: [{ fault: 'malformed' }] })
    expect(await enroll(lms.url)).toMatchObject({ status: 200, json: undefined })
  })

  it('strikes only what it matches', async () => {
    lms.setFaults({
      rules: [
        { match: { method: 'POST', path: '/api/enrollment', user: 'bob', courseId: demo }, fault: '500' },
      ],
    })
    const byEmail = { user: null, email: 'bob@example.com' }
    expect((await enroll(lms.url)).status).toBe(500)
    expect((await enroll(lms.url, byEmail)).status).toBe(500)
    expect((await enroll(lms.url, { user: 'carol' })).status).toBe(200)
    expect(
      (await send(`${lms.url}/api/enrollment/v1/enrollment/bob,${demo}`, { headers: withKey })).status,
    ).toBe(200)
    lms.setFaults({ rules: [{ match: { user: 'bob' }, fault: '500' }] })
    const account = `${lms.url}/api/user/v1/accounts?lms_user_id=5`
    expect((await send(account, { headers: as('staff') })).status).toBe(500)
  })
})

describe('faults without an answer', () => {
  it('reset: nothing is done', async () => {
    lms.setFaults({ rules: [{ fault: 'reset' }] })
    expect(await codeOf(enroll(lms.url))).toBe('ECONNRESET')
    await until(() => lms.calls().length === 1)
    expect(effects()).toEqual([{ effects: 0, calls: 1 }])
    expect(lms.calls()).toEqual([expect.objectContaining({ status: null, fault: 'reset' })])
  })

  it('reset is a TCP reset, not an orderly end', async () => {
    lms.setFaults({ rules: [{ fault: 'reset' }] })
    const socket = connect(lms.port, '127.0.0.1')
    const heard = new Promise<unknown>((resolve) => {
      socket.on('error', (error) => resolve('code' in error ? error.code : error))
      socket.on('end', () => resolve('an orderly end'))
    })
    socket.write('GET /oauth2/access_token HTTP/1.1\r\nhost: x\r\n\r\n')
    expect(await heard).toBe('ECONNRESET')
  })

  it('success-then-reset: it is done', async () => {
    lms.setFaults({ rules: [{ fault: 'success-then-reset', times: 1 }] })
    expect(await codeOf(enroll(lms.url))).toBe('ECONNRESET')
    expect(effects()).toEqual([{ effects: 1, calls: 1 }])
    expect((await enroll(lms.url)).status).toBe(200)
    expect(effects()).toEqual([{ effects: 1, calls: 2 }])
  })

  it('success-then-timeout: it is done, and no answer comes until the client gives up', async () => {
    lms.setFaults({ rules: [{ fault: 'success-then-timeout' }] })
    const patience = new AbortController()
    const body = { user: 'bob', mode: 'verified', course_details: { course_id: demo } }
    const url = `${lms.url}/api/enrollment/v1/enrollment`
    const waiting = codeOf(send(url, { method: 'POST', headers: withKey, body, signal: patience.signal }))
    await until(() => effects()[0]?.effects === 1)
    expect(lms.calls()).toEqual([])
    patience.abort()
    expect(await waiting).toBe('ABORT_ERR')
    await until(() => lms.calls().length === 1)
    expect(lms.calls()).toEqual([expect.objectContaining({ status: null, fault: 'success-then-timeout' })])
  })

  it('down: every API request is reset unread, those under way too; the control answers; then it is back', async () => {
    lms.setFaults({ latencyMs: 60_000 })
    const underWay = codeOf(enroll(lms.url))
    await until(() => lms.effects().length === 1)
    lms.setFaults({ down: true })
    expect(await underWay).toBe('ECONNRESET')
    expect(await codeOf(enroll(lms.url))).toBe('ECONNRESET')
    expect(await codeOf(send(`${lms.url}/oauth2/access_token`, { method: 'POST' }))).toBe('ECONNRESET')
    expect((await send(`${lms.url}/_sandbox/healthz`)).status).toBe(200)
    expect(effects()).toEqual([{ effects: 0, calls: 1 }])
    lms.setFaults({})
    expect((await enroll(lms.url)).status).toBe(200)
    expect(effects()).toEqual([{ effects: 1, calls: 2 }])
  })
})

describe('time', () => {
  it('slow answers rightly, later', async () => {
    lms.setFaults({ rules: [{ fault: 'slow', delayMs: 60 }] })
    const begun = performance.now()
    expect((await enroll(lms.url)).status).toBe(200)
    expect(performance.now() - begun).toBeGreaterThan(55)
    expect(lms.calls()[0]?.durationMs).toBeGreaterThan(55)
  })

  it('carries out what a client has given up on', async () => {
    lms.setFaults({ latencyMs: 80 })
    const patience = new AbortController()
    const body = { user: 'bob', mode: 'verified', course_details: { course_id: demo } }
    const url = `${lms.url}/api/enrollment/v1/enrollment`
    const waiting = codeOf(send(url, { method: 'POST', headers: withKey, body, signal: patience.signal }))
    await until(() => lms.effects().length === 1)
    patience.abort()
    expect(await waiting).toBe('ABORT_ERR')
    await until(() => effects()[0]?.effects === 1)
  })

  it.each(['close', 'down', 'reset'] as const)('unless the sandbox is told to %s before', async (order) => {
    const timers = () => process.getActiveResourcesInfo().filter((kind) => kind === 'Timeout').length
    lms.setFaults({ latencyMs: 60_000 })
    const before = timers()
    const patience = new AbortController()
    const body = { user: 'bob', mode: 'verified', course_details: { course_id: demo } }
    const url = `${lms.url}/api/enrollment/v1/enrollment`
    const waiting = codeOf(send(url, { method: 'POST', headers: withKey, body, signal: patience.signal }))
    await until(() => lms.effects().length === 1)
    patience.abort()
    expect(await waiting).toBe('ABORT_ERR')
    await until(() => lms.calls().length === 1)
    expect(timers()).toBeGreaterThan(before)
    if (order === 'close') await lms.close()
    else if (order === 'reset') lms.reset()
    else lms.setFaults({ down: true })
    await until(() => timers() <= before)
  })

  it('counts what is in flight under latency: arrival rate times time, and no more than that', async () => {
    lms.setFaults({ latencyMs: 100 })
    const learners = Array.from({ length: 40 }, (_, index) => ['alice', 'bob', 'carol', 'dave'][index % 4])
    const all = Promise.all(learners.map((user) => enroll(lms.url, { user })))
    const stats = async () => (await send(`${lms.url}/_sandbox/stats`)).json
    await until(async () => ((await stats()) as { inFlight: number }).inFlight === 40)
    const replies = await all
    expect(replies.every((reply) => reply.status === 200)).toBe(true)
    expect(await stats()).toEqual({ inFlight: 0, maxInFlight: 40, requests: 40, effects: 4 })
    await send(`${lms.url}/_sandbox/stats/reset`, { method: 'POST' })
    await send(`${lms.url}/api/user/v1/accounts?lms_user_id=4`, { headers: as('staff') })
    expect(await stats()).toEqual({ inFlight: 0, maxInFlight: 0, requests: 0, effects: 0 })
  })
})

describe('close and reset', () => {
  it('close breaks idle, waiting and silent connections, at once and twice', async () => {
    lms.setFaults({ latencyMs: 60_000 })
    const idle = connect(lms.port, '127.0.0.1')
    const idleClosed = new Promise((resolve) => idle.on('error', resolve).on('close', resolve))
    const waiting = codeOf(enroll(lms.url))
    await until(() => lms.effects().length === 1)
    await Promise.all([lms.close(), lms.close()])
    expect(await waiting).toBe('ECONNRESET')
    await idleClosed
    expect(await codeOf(enroll(lms.url))).toBe('ECONNREFUSED')
  })

  it('reset forgets effects, calls, faults and what is under way', async () => {
    await enroll(lms.url)
    lms.setFaults({ latencyMs: 60_000 })
    const waiting = codeOf(enroll(lms.url, { user: 'carol' }))
    await until(() => lms.effects().length === 2)
    lms.reset()
    expect(await waiting).toBe('ECONNRESET')
    const stats = async () => (await send(`${lms.url}/_sandbox/stats`)).json
    await until(async () => ((await stats()) as { inFlight: number }).inFlight === 0)
    expect([lms.effects(), lms.calls()]).toEqual([[], []])
    expect((await enroll(lms.url)).status).toBe(200)
  })
})
