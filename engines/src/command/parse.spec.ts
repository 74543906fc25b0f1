import { describe, expect, it } from '@jest/globals'
import { parseCommandLine } from './parse.ts'

describe('npm run engines --', () => {
  it.each([
    ['up', { verb: 'up', names: [], brokers: undefined, fresh: false }],
    ['up kafka mongodb', { verb: 'up', names: ['kafka', 'mongo'], brokers: undefined, fresh: false }],
    ['up --brokers 3 --fresh kafka', { verb: 'up', names: ['kafka'], brokers: 3, fresh: true }],
    ['down jaeger', { verb: 'down', names: ['jaeger'], brokers: undefined, fresh: false }],
    ['status', { verb: 'status', names: [], brokers: undefined, fresh: false }],
    ['', { verb: 'help', names: [], brokers: undefined, fresh: false }],
    ['up --help', { verb: 'help', names: [], brokers: undefined, fresh: false }],
  ])('reads `%s`', (line, expected) => {
    expect(parseCommandLine(line.split(' ').filter(Boolean))).toEqual(expected)
  })

  it.each([
    ['start', 'There is no command `start`.'],
    ['up kafak', 'There is no engine `kafak`.'],
    ['up rabbitmq', 'RabbitMQ comes with the legacy bridge'],
    ['up --broker 3', 'Unknown option'],
    ['up --brokers none', '--brokers none is no number from 1 to 5.'],
    ['up --brokers 9', 'no number from 1 to 5'],
    ['up mongo --brokers 3', 'kafka is not among the names'],
    ['down --fresh', 'belong to `up`'],
  ])('refuses `%s` with exit code 2', (line, message) => {
    const attempt = () => parseCommandLine(line.split(' '))
    expect(attempt).toThrow(message)
    expect(attempt).toThrow(expect.objectContaining({ exitCode: 2 }))
  })
})
