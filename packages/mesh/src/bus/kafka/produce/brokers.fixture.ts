import type { TopicPartition } from '../../bus.ts'
import type { ProducerLimits } from './backlog.ts'
import { type Producer, createProducer } from './producer.ts'
import type { Answer, Send, Shipment } from './send.ts'

/** What the brokers do with one produce request; undefined: write it and say so. */
type Conduct = (
  shipments: readonly Shipment[],
  node: number,
) => Promise<readonly Answer[]> | readonly Answer[] | undefined

/** Brokers in memory, and a producer that sends to them. */
export type FakeBrokers = {
  readonly producer: Producer
  /** Labels (the records' values) of each request that came, in their order; `node: a b`. */
  readonly requests: string[]
  /** What is written, by `topic/partition`. */
  readonly log: Map<string, string[]>
  /** Decides about the requests from now on. */
  conduct: Conduct
  /** Which node leads a partition. */
  leader: (place: TopicPartition) => number | undefined
  /** How often the topics were asked for. */
  refreshed: number
  /** What `onOutcome` was told. */
  readonly outcomes: (string | undefined)[]
  /** Writes a request and answers for all of it. */
  write(shipments: readonly Shipment[]): Answer[]
}

const labelsOf = ({ messages }: Shipment): string[] => messages.map(({ value }) => String(value))

/** Limits that no test meets by chance. */
const LIMITS: ProducerLimits = {
  deadlineMs: 2_000,
  waitingRecords: 10_000,
  waitingBytes: 10_000_000,
  batch: { records: 1_000, bytes: 1_000_000, partBytes: 500_000 },
}

/** Starts brokers with the topics `parcel.v1` (4 partitions) and `label.v1` (1), all led by node 1. */
export const fakeBrokers = (limits: Partial<ProducerLimits> = {}): FakeBrokers => {
  const log = new Map<string, string[]>()
  const requests: string[] = []
  const outcomes: (string | undefined)[] = []
  const partitions: Record<string, number> = { 'parcel.v1': 4, 'label.v1': 1 }

  const write = (shipments: readonly Shipment[]): Answer[] =>
    shipments.map((shipment) => {
      const name = `${shipment.place.topic}/${shipment.place.partition}`
      log.set(name, [...(log.get(name) ?? []), ...labelsOf(shipment)])
      return { ...shipment.place, errorCode: 0 }
    })

  const send: Send = async (node, shipments) => {
    requests.push(`${node}: ${shipments.flatMap(labelsOf).join(' ')}`)
    const answer = brokers.conduct(shipments, node)
    return answer ?? write(shipments)
  }

  const brokers: FakeBrokers = {
    log,
    requests,
    outcomes,
    write,
    conduct: () => undefined,
    leader: () => 1,
    refreshed: 0,
    producer: createProducer({
      send,
      servers: 'kafka:9092',
      limits: { ...LIMITS, ...limits },
      onOutcome: (words) => void outcomes.push(words),
      topics: {
        partitionsOf: (topic) => partitions[topic],
        leaderOf: (place) => brokers.leader(place),
        faultOf: () => undefined,
        refresh: async () => {
          brokers.refreshed++
        },
      },
    }),
  }
  return brokers
}

/** A record of `label.v1`, whose value is its label. */
export const label = (text: string, key: string | null = 'k') => ({
  topic: 'label.v1',
  key,
  headers: {},
  value: Buffer.from(text),
})

/** A record of `parcel.v1`. */
export const parcel = (text: string, key: string | null = text) => ({
  ...label(text, key),
  topic: 'parcel.v1',
})
