import { describe, expect, it } from '@jest/globals'
import kafkajs from 'kafkajs'
import { kafkaLog } from './log.ts'
import { recordingLog } from './kafka.fixture.ts'

const { ERROR, WARN, INFO, DEBUG } = kafkajs.logLevel

const entry = (level: number, namespace: string, message: string, more: object = {}) => ({
  level,
  namespace,
  label: '',
  log: { timestamp: '', message, ...more } as never,
})

describe('what kafkajs logs', () => {
  it.each([
    ['an error of a connection', ERROR, 'Connection', 20],
    ['a warning', WARN, 'Cluster', 20],
    ['news', INFO, 'ConsumerGroup', 20],
    ['details', DEBUG, 'Connection', 10],
  ])('%s comes at a fitting level', (_, level, namespace, expected) => {
    const { log, lines } = recordingLog()
    kafkaLog(log)(INFO)(entry(level, namespace, 'it happened'))
    expect(lines).toMatchObject([{ level: expected, from: `kafkajs/${namespace}`, msg: 'it happened' }])
  })

  it('comes without payloads and credentials', () => {
    const { log, lines } = recordingLog()
    const more = {
      broker: 'a:1',
      retryCount: 3,
      error: 'gone',
      payload: 'SECRET',
      data: { key: 'SECRET' },
      stack: 'SECRET',
    }
    kafkaLog(log)(INFO)(entry(ERROR, 'Connection', 'no', more))
    expect(lines).toMatchObject([{ broker: 'a:1', retryCount: 3, error: 'gone' }])
    expect(JSON.stringify(lines)).not.toContain('SECRET')
  })

  it('is left out where nobody wants to read it', () => {
    const { log, lines } = recordingLog('info')
    kafkaLog(log)(INFO)(entry(ERROR, 'Connection', 'no'))
    expect(lines).toEqual([])
  })
})
