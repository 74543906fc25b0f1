import { describe, expect, it } from '@jest/globals'
import { handledRecords, longestGapMs } from './handled.ts'

const METRICS = `# HELP mesh_records_total Records.
# TYPE mesh_records_total counter
mesh_records_total{service="fulfillment",type="order.placed.v1",outcome="done"} 12
mesh_records_total{service="fulfillment",type="order.placed.v1",outcome="retry"} 3
mesh_records_total{service="gateway",type="order.placed.v1",outcome="done"} 99
mesh_waiting{service="fulfillment"} 7
`

describe('handledRecords', () => {
  it('adds up what one service did with its records', () => {
    expect(handledRecords(METRICS, 'fulfillment')).toBe(15)
    expect(handledRecords(METRICS, 'payments')).toBe(0)
  })
})

describe('longestGapMs', () => {
  it('finds the longest quiet time, at the ends too, whatever the order of the moments', () => {
    expect(longestGapMs([140, 120, 190, 110], 100, 200)).toBe(50)
    expect(longestGapMs([150], 100, 200)).toBe(50)
    expect(longestGapMs([180], 100, 200)).toBe(80)
    expect(longestGapMs([50, 101, 300], 100, 200)).toBe(99)
    expect(longestGapMs([], 100, 200)).toBe(100)
  })
})
