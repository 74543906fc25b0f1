import { orderSubmitted, sampleEventOf, toStructured } from '@commerce-mesh/contracts'
import { describe, expect, it } from '@jest/globals'
import { runCli } from '../../e2e/cli-process.ts'
import { directoryWith } from './terminal.fixture.ts'

const LINES = 20_000

const event = toStructured(sampleEventOf(orderSubmitted))
const lines = Array.from({ length: LINES }, (_, nth) => event.replaceAll('EDX-100001', `EDX-${nth}`))

describe('mesh contracts test', () => {
  it('judges many events from standard input, and prints every verdict in their order', async () => {
    const input = `${lines.join('\n')}\nrubbish`
    const place = directoryWith()
    const { code, out, err } = await runCli(['contracts', 'test', '-'], place, { input })
    expect(code).toBe(1)
    const verdicts = out.trimEnd().split('\n')
    expect(verdicts).toHaveLength(LINES + 1)
    expect(verdicts[4_999]).toBe('-:5000 ok order.submitted.v1 EDX-4999')
    expect(verdicts.at(-1)).toBe('-:20001 poison event is not valid JSON')
    expect(err).toMatch(/^20,001 events: 20,000 ok, 1 poison; /)
  })

  it('prints a sample that it takes itself', async () => {
    const place = directoryWith()
    const { out } = await runCli(['contracts', 'sample', 'order.placed.v1'], place)
    expect(await runCli(['contracts', 'test', '-'], place, { input: out })).toMatchObject({
      code: 0,
      out: '-:1 ok order.placed.v1 EDX-100001\n',
    })
  })
})
