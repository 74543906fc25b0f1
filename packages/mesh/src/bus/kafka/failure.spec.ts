import { describe, expect, it } from '@jest/globals'
import kafkajs from 'kafkajs'
import { kafkaType, kafkaWords } from './failure.ts'

const protocol = (type: string, message: string) =>
  new kafkajs.KafkaJSProtocolError({ type, message, code: 1, name: '' } as unknown as Error)

describe('what went wrong, for people', () => {
  it('is what kafkajs wrapped, with Kafka’s name for it', () => {
    const refused = protocol('INVALID_CONFIG', 'Configuration is invalid')
    const wrapped = new kafkajs.KafkaJSNumberOfRetriesExceeded(refused, { retryCount: 0, retryTime: 1 })
    expect(kafkaWords(wrapped)).toBe('Configuration is invalid (INVALID_CONFIG)')
    expect(kafkaType(wrapped)).toBe('INVALID_CONFIG')
  })

  it('is the first of a list', () => {
    const list = new kafkajs.KafkaJSAggregateError('Topic creation errors', [
      protocol('POLICY_VIOLATION', 'Request parameters do not satisfy the configured policy.'),
    ])
    expect(kafkaWords(list)).toBe(
      'Request parameters do not satisfy the configured policy (POLICY_VIOLATION)',
    )
    expect(kafkaType(list)).toBe('POLICY_VIOLATION')
  })

  it('says so when the login was refused', () => {
    const refused = Object.assign(new Error('SASL PLAIN authentication failed'), {
      name: 'KafkaJSSASLAuthenticationError',
    })
    expect(kafkaWords(refused)).toBe('the brokers refuse the login (SASL PLAIN authentication failed)')
  })

  it('is the code where Node has no words: a name with two addresses, nobody at either', () => {
    const nobody = new kafkajs.KafkaJSConnectionError('Connection error: ', { code: 'ECONNREFUSED' })
    expect(kafkaWords(nobody)).toBe('Connection error: ECONNREFUSED')
  })

  it('is the message of any other error, and has no type', () => {
    expect(kafkaWords(new Error('Closed connection'))).toBe('Closed connection')
    expect(kafkaType(new Error('Closed connection'))).toBeUndefined()
    expect(kafkaWords('odd')).toBe('odd')
  })
})
