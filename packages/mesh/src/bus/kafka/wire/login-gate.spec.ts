import { describe, expect, it } from '@jest/globals'
import kafkajs from 'kafkajs'
import { createLoginGate } from './login-gate.ts'

const login = Object.assign(new Error('SASL PLAIN authentication failed: no'), {
  name: 'KafkaJSSASLAuthenticationError',
})
const certificate = new kafkajs.KafkaJSConnectionError('Connection error: certificate has expired', {
  broker: 'a:1',
  code: 'CERT_HAS_EXPIRED',
})

const open = () => {
  const clock = { now: 1_000 }
  return { clock, gate: createLoginGate(() => clock.now) }
}

describe('the gate for logins', () => {
  it('lets nobody knock at any broker for five seconds after a refused login, then longer, up to thirty', () => {
    const { clock, gate } = open()
    for (const pauseMs of [5_000, 10_000, 20_000, 30_000, 30_000]) {
      gate.check('a:1')
      gate.failed('a:1', login)
      clock.now += pauseMs - 1
      expect(() => gate.check('b:1')).toThrow('SASL PLAIN')
      clock.now += 1
    }
    gate.check('b:1')
  })

  it('takes refusals at the same time for one', () => {
    const { clock, gate } = open()
    gate.failed('a:1', login)
    gate.failed('b:1', login)
    clock.now += 5_000
    gate.check('a:1')
  })

  it('closes for one broker only where it is about its certificate', () => {
    const { clock, gate } = open()
    gate.failed('a:1', certificate)
    gate.check('b:1')
    expect(() => gate.check('a:1')).toThrow('expired')
    clock.now += 5_000
    gate.check('a:1')
  })

  it('is open, and begins anew, after somebody was let in', () => {
    const { clock, gate } = open()
    gate.failed('a:1', login)
    gate.passed('b:1')
    gate.check('a:1')
    gate.failed('a:1', login)
    clock.now += 5_000
    gate.check('a:1')
  })

  it('stays open for what passes by itself', () => {
    const { gate } = open()
    gate.failed('a:1', new Error('connect ECONNREFUSED'))
    gate.check('a:1')
  })
})
