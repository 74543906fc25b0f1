import { once } from 'node:events'
import { createServer } from 'node:net'
import type { AddressInfo } from 'node:net'
import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { describe, expect, it } from '@jest/globals'
import { parseCommandLine } from '../command/parse.ts'
import { COMMANDS } from '../commands/table.ts'
import { PLAIN } from '../terminal/paint.ts'
import { showStatus } from './status.ts'

const status = (file: string) => {
  const directory = mkdtempSync(path.join(tmpdir(), 'mesh-status-'))
  writeFileSync(path.join(directory, 'cluster.yaml'), file)
  return showStatus(parseCommandLine(['status', '--config', 'cluster.yaml'], COMMANDS).input, {
    out: () => {},
    write: async () => {},
    note: () => {},
    paint: PLAIN,
    notePaint: PLAIN,
    isInteractive: false,
    env: {},
    directory,
    root: '/',
    program: 'mesh',
    stdin: async () => '',
    input: async function* () {},
    now: () => new Date(),
  })
}

describe('mesh status --config', () => {
  it('asks the engines that the file names, where no mesh runs on the data directory', async () => {
    const gone = createServer().listen(0, '127.0.0.1')
    await once(gone, 'listening')
    const { port } = gone.address() as AddressInfo
    gone.close()
    await once(gone, 'close')
    const cluster = [
      `bus: { driver: kafka, kafka: { bootstrapServers: "127.0.0.1:${port}", requestTimeoutMs: 500 } }`,
      `store: { driver: mongodb, mongodb: { url: "mongodb://127.0.0.1:${port}", timeoutMs: 500 } }`,
    ].join('\n')
    await expect(status(cluster)).rejects.toMatchObject({
      code: expect.stringMatching(/^MESH_(BUS|STORE)_UNAVAILABLE$/),
      message: expect.stringContaining(`127.0.0.1:${port}`),
    })
  })

  it('says that no mesh runs where everything would be in the data directory', async () => {
    await expect(status('deadlineMs: 5000')).rejects.toMatchObject({
      code: 'MESH_GATEWAY_UNREACHABLE',
      message: expect.stringContaining('No mesh runs on the data directory'),
    })
  })
})
