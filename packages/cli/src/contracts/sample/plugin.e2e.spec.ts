import path from 'node:path'
import { fromStructured } from '@commerce-mesh/contracts'
import { RUNTIME_VERSION } from '@commerce-mesh/mesh'
import { describe, expect, it } from '@jest/globals'
import { runCli } from '../../e2e/cli-process.ts'
import { directoryWith } from '../test/terminal.fixture.ts'

const contracts = path.resolve(import.meta.dirname, '../../../../contracts/src/index.ts')

const pluginOf = (contract: string) => `
  import { defineEvent } from '${contracts}'
  import { z } from '${import.meta.resolve('zod')}'
  const about = { version: 1, owner: 'seats', summary: 'A seat is held.', data: z.strictObject({ seat: z.string() }) }
  const contract = defineEvent({ ...about, ${contract} })
  const hooks = { secrets: () => [], verify: () => true, read: () => ({ events: [] }) }
  const source = { name: 'seats', options: z.strictObject({}), emits: [contract], ...hooks }
  export default { name: 'seats', runtime: '${RUNTIME_VERSION}', contracts: [contract], sources: [source] }
`

const placeWith = (contract: string) =>
  directoryWith({ 'mesh.yaml': 'plugins: [./seats.mjs]\n', 'seats.mjs': pluginOf(contract) })

describe('a plugin’s contract', () => {
  it('has samples, and its events can be tested', async () => {
    const place = placeWith("name: 'seat.reserved', key: (data) => data.seat, examples: [{ seat: 'A7' }]")
    expect((await runCli(['contracts', 'sample'], place)).out).toMatch(
      /^seat\.reserved\.v1 .*A seat is held\.$/m,
    )
    const { out, err } = await runCli(['contracts', 'sample', 'seat.reserved.v1', '--count', '2'], place)
    expect(err).toBe('')
    expect(await runCli(['contracts', 'test', '-'], place, { input: out })).toMatchObject({
      code: 0,
      out: '-:1 ok seat.reserved.v1 A7\n-:2 ok seat.reserved.v1 A8\n',
    })
    expect(await runCli(['contracts', 'test', '-', '--as', '/shop'], place, { input: out })).toMatchObject({
      code: 1,
      out: expect.stringMatching(/^-:1 contract seat\.reserved\.v1 source may not emit .*owner is seats/),
    })
  })

  it('without examples has no sample, and the error says what to do', async () => {
    const place = placeWith("name: 'seat.reserved', key: (data) => data.seat")
    const { code, err } = await runCli(['contracts', 'sample', 'seat.reserved.v1'], place)
    expect(err).toMatch(/The contract of 'seat\.reserved\.v1' has no examples\.\nAdd one/)
    expect(code).toBe(2)
  })

  it('whose key can’t be varied gives samples with one key, and says so', async () => {
    const place = placeWith("name: 'seat.counted', key: () => 'all', examples: [{ seat: 'A' }]")
    const { code, out, err } = await runCli(['contracts', 'sample', 'seat.counted.v1', '--count', '2'], place)
    expect(code).toBe(0)
    expect(
      out
        .trimEnd()
        .split('\n')
        .map((line) => fromStructured(line)),
    ).toMatchObject([
      { id: 'e-1', subject: 'all' },
      { id: 'e-2', subject: 'all' },
    ])
    expect(err).toMatch(/can’t be varied/)
  })
})
