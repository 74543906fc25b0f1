import { describe, expect, it } from '@jest/globals'
import type { Violations } from '../check/check.ts'
import { missedTargets, mutationLine, scenarioLine } from './lines.ts'

const clean: Violations = {
  lost: [],
  doubled: [],
  wrong: [],
  disordered: [],
  silent: [],
  stuck: [],
  drift: 0,
}
const conclusion = (violations: Partial<Violations> = {}) => ({
  accepted: 1_234,
  unsure: 3,
  links: 56,
  violations: { ...clean, ...violations },
})

describe('scenarioLine', () => {
  it('counts everything, and says whether it was well', () => {
    expect(scenarioLine('broker', { ...conclusion(), figures: { outages: 2, 'recovery s': 0.4 } })).toBe(
      'ok   broker            1,234 orders and 56 links accepted, 3 unsure | ' +
        'lost 0, doubled 0, wrong 0, silent 0, stuck 0, drift 0, out of order 0 | outages 2, recovery s 0.4',
    )
    expect(scenarioLine('kills', { ...conclusion({ lost: ['K-1'] }), figures: {} })).toMatch(
      /^FAIL kills .*lost 1/,
    )
    expect(scenarioLine('kills', { ...conclusion({ drift: 1 }), figures: {} })).toMatch(/^FAIL kills/)
  })

  it('names a figure that is over its target', () => {
    expect(missedTargets({ 'recovery s': 10, 'added: fulfillment paused s': 5, 'slept s': 60 })).toEqual([])
    expect(missedTargets({ 'recovery s': 10.1, 'added: fulfillment paused s': 5.1 })).toHaveLength(2)
  })
})

describe('mutationLine', () => {
  const broken = conclusion({ lost: ['K-1'] })

  it('is well when the defect was found and nothing else', () => {
    expect(mutationLine('no-inbox', { noticed: true, broken, control: conclusion() })).toMatch(
      /^ok {3}no-inbox .*found/,
    )
    expect(mutationLine('no-inbox', { noticed: false, broken, control: undefined })).toMatch(
      /^FAIL .*NOT FOUND/,
    )
    expect(mutationLine('no-inbox', { noticed: true, broken, control: broken })).toMatch(/^FAIL/)
  })
})
