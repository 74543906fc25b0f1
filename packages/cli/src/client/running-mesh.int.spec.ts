import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { describe, expect, it } from '@jest/globals'
import { parseCommandLine } from '../command/parse.ts'
import { COMMANDS } from '../commands/table.ts'
import { engineConfig } from '../engines/read.ts'
import { engineMark } from '@commerce-mesh/mesh'
import { needRunning } from '../order/place.ts'
import type { Terminal } from '../terminal/terminal.ts'
import { findAsked } from './running-mesh.ts'

const fileOf = (broker: string) => `
bus: { driver: kafka, kafka: { bootstrapServers: "${broker}:9092" } }
store: { driver: mongodb, mongodb: { url: "mongodb://mesh:secret@db:27017" } }
`

/** A directory with two configurations and a gateway of this process, which works on the engines of one of them. */
const setUp = () => {
  const directory = mkdtempSync(path.join(tmpdir(), 'mesh-running-'))
  const write = (name: string, text: string) => writeFileSync(path.join(directory, name), text)
  write('here.yaml', fileOf('broker-1'))
  write('other.yaml', fileOf('broker-2'))
  write('local.yaml', '{}')
  write('half.yaml', fileOf('broker-1').split('\n').slice(0, 2).join('\n'))
  write('broken.yaml', 'bus: { driver: pigeon }')
  const terminal = { env: {}, directory } as unknown as Terminal
  const inputOf = (line: string) =>
    parseCommandLine(['audit', '--data', directory, ...line.split(' ')].filter(Boolean), COMMANDS).input
  const engines = engineMark(engineConfig(inputOf('--config here.yaml'), terminal))
  const owner = { pid: process.pid, startedAt: '2026-01-01T00:00:00Z', url: 'http://127.0.0.1:8080', engines }
  write('owner.json', JSON.stringify(owner))
  return { engines, asked: (line: string) => findAsked(inputOf(line), terminal), input: inputOf, terminal }
}

describe('findAsked', () => {
  it('given a gateway here, asks it unless the configuration that was named is about other engines', () => {
    const { asked } = setUp()
    const gateway = { url: 'http://127.0.0.1:8080', named: false }
    expect(asked('')).toEqual(gateway)
    expect(asked('--config here.yaml')).toEqual(gateway)
    expect(asked('--config local.yaml')).toEqual(gateway)
    expect(asked('--config half.yaml')).toEqual(gateway)
    expect(asked('--config other.yaml')).toBeUndefined()
  })

  it('asks whoever was named, whatever the configuration says', () => {
    const { asked } = setUp()
    expect(asked('--url http://127.0.0.1:9999 --config other.yaml')).toMatchObject({
      url: 'http://127.0.0.1:9999',
      named: true,
    })
  })

  it('refuses a configuration with errors instead of asking somebody else', () => {
    const { asked } = setUp()
    expect(() => asked('--config broken.yaml')).toThrow(/driver/)
  })

  it('hands no order in at a mesh other than the one that was meant', () => {
    const { input, terminal } = setUp()
    expect(() => needRunning(input('--config other.yaml'), terminal)).toThrow(/works on other engines/)
  })

  it('tells engines apart without a secret', () => {
    const { engines } = setUp()
    expect(engines).toEqual({
      bus: expect.stringMatching(/^[0-9a-f]{16}$/),
      store: expect.stringMatching(/^[0-9a-f]{16}$/),
    })
    expect(setUp().engines).toEqual(engines)
  })
})
