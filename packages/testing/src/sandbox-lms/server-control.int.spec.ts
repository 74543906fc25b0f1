import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { startSandboxLms } from './server.ts'
import { as, codeOf, demo, enroll, send, withKey } from './spec-client.ts'
import type { SandboxLms, SandboxLmsOptions } from './server.ts'

const started: SandboxLms[] = []

async function start(options: SandboxLmsOptions = {}): Promise<SandboxLms> {
  const lms = await startSandboxLms(options)
  started.push(lms)
  return lms
}
afterEach(async () => {
  await Promise.all(started.splice(0).map((lms) => lms.close()))
})

const attributes = [{ namespace: 'order', name: 'order_number', value: 'EDX-100001' }]

describe('the record', () => {
  let lms: SandboxLms
  beforeEach(async () => {
    lms = await start()
  })

  it('shows effects as a list and one by one', async () => {
    await enroll(lms.url, { enrollment_attributes: attributes })
    await enroll(lms.url, { enrollment_attributes: attributes })
    await enroll(lms.url, { user: 'nobody' })
    const bob = {
      user: 'bob',
      courseId: demo,
      mode: 'verified',
      isActive: true,
      effects: 1,
      calls: 2,
      lastOrderNumber: 'EDX-100001',
    }
    const nobody = {
      user: 'nobody',
      courseId: demo,
      mode: null,
      isActive: false,
      effects: 0,
      calls: 1,
      lastOrderNumber: null,
    }
    expect((await send(`${lms.url}/_sandbox/effects`)).json).toEqual([bob, nobody])
    expect(lms.effects()).toEqual([bob, nobody])
    expect((await send(`${lms.url}/_sandbox/effects/bob,${demo}`)).json).toEqual(bob)
    expect((await send(`${lms.url}/_sandbox/effects/bob,${encodeURIComponent(demo)}`)).json).toEqual(bob)
    expect((await send(`${lms.url}/_sandbox/effects/carol,${demo}`)).status).toBe(404)
  })

  it('shows calls, the latest of them, with their trace and without the control’s own', async () => {
    const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01'
    await enroll(lms.url, { enrollment_attributes: attributes }, { ...withKey, traceparent })
    await send(`${lms.url}/api/enrollment/v1/course/${demo}`)
    const call = { method: 'POST', path: '/api/enrollment/v1/enrollment', user: 'bob', courseId: demo }
    expect((await send(`${lms.url}/_sandbox/calls`)).json).toEqual([
      expect.objectContaining({ ...call, orderNumber: 'EDX-100001', traceparent, status: 200, fault: null }),
      expect.objectContaining({ method: 'GET', user: null, courseId: demo, traceparent: null, status: 200 }),
    ])
    expect((await send(`${lms.url}/_sandbox/calls?limit=1`)).json).toEqual([
      expect.objectContaining({ method: 'GET' }),
    ])
    expect((await send(`${lms.url}/_sandbox/calls?limit=0`)).status).toBe(400)
  })
})

describe('control', () => {
  let lms: SandboxLms
  const setFaults = (body: unknown) => send(`${lms.url}/_sandbox/faults`, { method: 'POST', body })
  beforeEach(async () => {
    lms = await start()
  })

  it('sets, shows and clears faults', async () => {
    const rules = [{ match: { user: 'bob' }, fault: '500', times: 2 }]
    expect(await setFaults({ rules })).toMatchObject({
      status: 200,
      json: { latencyMs: 0, rules: [{ fault: '500' }] },
    })
    expect((await enroll(lms.url)).status).toBe(500)
    expect((await send(`${lms.url}/_sandbox/faults`)).json).toMatchObject({ rules: [{ times: 1 }] })
    await send(`${lms.url}/_sandbox/faults`, { method: 'DELETE' })
    expect((await enroll(lms.url)).status).toBe(200)
  })

  it('refuses a bad body with the findings and changes nothing', async () => {
    await setFaults({ rules: [{ fault: '500' }] })
    const refused = await setFaults({ latency: 5, rules: [{ fault: 'nonsense' }] })
    expect(refused).toMatchObject({
      status: 400,
      json: {
        message: 'The faults were not changed.',
        findings: expect.arrayContaining([
          { path: 'rules.0.fault', message: expect.any(String) },
          { path: '', message: expect.stringContaining('latency') },
        ]),
      },
    })
    expect(await setFaults('{"down":')).toMatchObject({
      status: 400,
      json: { findings: [{ message: 'Not JSON.' }] },
    })
    expect((await enroll(lms.url)).status).toBe(500)
  })

  it('throws at a caller in the same process', () => {
    expect(() => lms.setFaults({ latencyMs: -1 })).toThrow(/latencyMs/)
  })

  it('resets, and answers 404 with what exists for anything else', async () => {
    await enroll(lms.url)
    expect((await send(`${lms.url}/_sandbox/reset`, { method: 'POST' })).status).toBe(200)
    expect(lms.effects()).toEqual([])
    const missing = await send(`${lms.url}/_sandbox/nonsense`)
    expect(missing).toMatchObject({
      status: 404,
      json: { endpoints: expect.arrayContaining(['POST /_sandbox/reset']) },
    })
  })
})

describe('throttling by the clock', () => {
  it('429 for staff after 120 a minute, learners after 40, never with the API key', async () => {
    let now = Date.parse('2026-06-01T00:00:00Z')
    const lms = await start({ now: () => now })
    const read = (headers: Record<string, string>) =>
      send(`${lms.url}/api/enrollment/v1/enrollment/${demo}`, { headers })
    const statuses = async (times: number, headers: Record<string, string>) => {
      const replies = await Promise.all(Array.from({ length: times }, () => read(headers)))
      return [200, 429].map((status) => replies.filter((reply) => reply.status === status).length)
    }
    expect(await statuses(125, as('staff', now))).toEqual([120, 5])
    expect(await statuses(45, as('alice', now))).toEqual([40, 5])
    expect(await statuses(130, { ...as('staff', now), ...withKey })).toEqual([130, 0])
    now += 20_000
    const refused = await enroll(lms.url, {}, as('staff', now))
    expect(refused).toMatchObject({
      status: 429,
      json: { detail: 'Request was throttled. Expected available in 40 seconds.' },
    })
    expect(refused.headers['retry-after']).toBe('40')
    expect(lms.effects()).toEqual([expect.objectContaining({ user: 'bob', effects: 0, calls: 1 })])
    lms.reset()
    expect(await statuses(1, as('staff', now))).toEqual([1, 0])
    now += 40_000
    expect((await enroll(lms.url, {}, as('staff', now))).status).toBe(200)
  })

  it('403 for too many tokens from one address', async () => {
    const lms = await start({ throttle: { tokensPerMinute: 1 } })
    const ask = () =>
      send(`${lms.url}/oauth2/access_token`, { method: 'POST', body: 'grant_type=client_credentials' })
    expect([(await ask()).status, (await ask()).status]).toEqual([401, 403])
  })
})

describe('options', () => {
  it('autoCreate brings learners and courses of the org Load into being', async () => {
    const lms = await start({ autoCreate: true, throttle: false })
    const course_details = { course_id: 'course-v1:Load+X+1' }
    expect((await enroll(lms.url, { user: 'learner-77', course_details })).status).toBe(200)
    expect((await enroll(lms.url, { user: null, email: 'ann@shop.example', course_details })).status).toBe(
      200,
    )
    const found = await send(`${lms.url}/api/user/v1/accounts?lms_user_id=77`, { headers: as('staff') })
    expect(found.json).toEqual([expect.objectContaining({ username: 'learner-77' })])
    expect((await enroll(lms.url, { user: 'nobody', course_details })).status).toBe(406)
    const strict = await start()
    expect((await enroll(strict.url, { user: 'learner-77' })).status).toBe(406)
  })

  it('takes credentials and the port of its caller', async () => {
    const lms = await start({ apiKey: 'k', clientId: 'c', clientSecret: 's', tokenLifetimeSeconds: 60 })
    expect((await enroll(lms.url, {}, { 'x-edx-api-key': 'k' })).status).toBe(200)
    expect((await enroll(lms.url)).status).toBe(401)
    const body = 'grant_type=client_credentials&client_id=c&client_secret=s&token_type=jwt'
    const token = await send(`${lms.url}/oauth2/access_token`, { method: 'POST', body })
    expect(token.json).toMatchObject({ expires_in: 60 })
    expect(await codeOf(startSandboxLms({ port: lms.port }))).toBe('EADDRINUSE')
  })

  it('has its enrollments again after a crash, from the journal file', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'sandbox-lms-'))
    const journalFile = join(folder, 'effects.jsonl')
    const options = { journalFile, autoCreate: true, throttle: false } as const
    const course_details = { course_id: 'course-v1:Load+X+1' }
    const first = await start(options)
    await enroll(first.url, { user: 'learner-77', course_details, enrollment_attributes: attributes })
    await enroll(first.url, { user: 'nobody' })
    const [effect] = first.effects()
    // A second sandbox reads what the first, still running, has written: nothing waits for an orderly end.
    const second = await start(options)
    const read = `${second.url}/api/enrollment/v1/enrollment/learner-77,${course_details.course_id}`
    expect((await send(read, { headers: withKey })).json).toMatchObject({ mode: 'verified' })
    expect(second.effects()).toEqual([effect])
    expect((await enroll(second.url, { user: 'learner-77', course_details })).json).toMatchObject({
      mode: 'verified',
    })
    expect(second.effects()).toEqual([{ ...effect, calls: 2 }])
    second.reset()
    expect((await start(options)).effects()).toEqual([])
    await Promise.all(started.splice(0).map((lms) => lms.close()))
    rmSync(folder, { recursive: true })
  })
})
