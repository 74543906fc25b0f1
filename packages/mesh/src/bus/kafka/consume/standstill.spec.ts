import { describe, expect, it } from '@jest/globals'
import { createKeyDispatcher } from '../../../dispatch/key-dispatcher.ts'
import { recordingLog } from '../kafka.fixture.ts'
import { createOwnedPartition } from './owned-partition.ts'
import { createStandstills } from './standstill.ts'

const own = (partition: number) =>
  createOwnedPartition(
    { topic: 'parcel.v1', partition },
    {
      dispatcher: createKeyDispatcher(
        () => 1,
        () => {},
      ),
      handle: async () => {},
      window: 1,
      mayStart: () => true,
      onFinish: () => {},
    },
  )

const open = () => {
  const clock = { now: 1_000 }
  const { log, lines } = recordingLog('info')
  const later: (() => void)[] = []
  /** What was said, once the moment has passed in which it is gathered. */
  const told = () => {
    for (const work of later.splice(0)) work()
    return lines.map(({ level, partitions, msg }) => [level, partitions, msg])
  }
  const standstills = createStandstills(
    log,
    () => clock.now,
    (work) => void later.push(work),
  )
  return { clock, told, standstills }
}

const [WARN, INFO] = [40, 30]

describe('partitions that stand still', () => {
  it('are told once after ten seconds, with what it means, and once when they go on', () => {
    const { clock, told, standstills } = open()
    const partition = own(3)
    for (let second = 0; second < 10; second++) {
      standstills.note(partition, 'TOPIC_AUTHORIZATION_FAILED')
      clock.now += 1_000
    }
    expect(told()).toEqual([])
    standstills.note(partition, 'TOPIC_AUTHORIZATION_FAILED')
    standstills.note(partition, 'TOPIC_AUTHORIZATION_FAILED')
    const words =
      'a partition stands still for 10 s: this user may not read the topic; grant it Read and Describe (TOPIC_AUTHORIZATION_FAILED)'
    expect(told()).toEqual([[WARN, ['parcel.v1/3'], words]])
    standstills.over(partition)
    standstills.over(partition)
    expect(told().slice(1)).toEqual([[INFO, ['parcel.v1/3'], 'a partition goes on that stood still']])
  })

  it('are told in one line where many have the same trouble', () => {
    const { clock, told, standstills } = open()
    const partitions = Array.from({ length: 12 }, (_, partition) => own(partition))
    const note = (why: (nth: number) => string) =>
      partitions.forEach((partition, nth) => standstills.note(partition, why(nth)))
    const whyOf = (nth: number) => (nth < 11 ? 'no broker answers' : 'CORRUPT_MESSAGE')
    note(whyOf)
    clock.now += 10_000
    note(whyOf)
    const names = Array.from({ length: 10 }, (_, nth) => `parcel.v1/${nth}`)
    expect(told()).toEqual([
      [WARN, names, '11 partitions stand still for 10 s: no broker answers'],
      [
        WARN,
        ['parcel.v1/11'],
        expect.stringContaining('a partition stands still for 10 s: the log is damaged'),
      ],
    ])
    for (const partition of partitions) standstills.over(partition)
    expect(told().slice(2)).toEqual([[INFO, names, '12 partitions go on that stood still']])
  })

  it('are left alone for longer the longer it lasts, up to five seconds', () => {
    const { clock, standstills } = open()
    const partition = own(0)
    const waits = [0, 2_000, 8_000, 20_000, 20_000].map((passed) => {
      clock.now += passed
      return standstills.note(partition, 'LEADER_NOT_AVAILABLE')
    })
    expect(waits).toEqual([0, 500, 2_500, 5_000, 5_000])
  })

  it('are no news when each refusal was soon over, or they are long ago', () => {
    const { clock, told, standstills } = open()
    const partition = own(0)
    standstills.note(partition, 'NOT_LEADER_FOR_PARTITION')
    clock.now += 9_000
    standstills.over(partition)
    standstills.note(partition, 'NOT_LEADER_FOR_PARTITION')
    clock.now += 60_000
    standstills.note(partition, 'NOT_LEADER_FOR_PARTITION')
    expect(told()).toEqual([])
  })
})
