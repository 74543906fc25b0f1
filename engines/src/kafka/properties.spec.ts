import { describe, expect, it } from '@jest/globals'
import { bootstrapServersOf, layoutOf, portsOf } from './layout.ts'
import { propertiesOf } from './properties.ts'

const written = (ports: readonly number[], id: number) => {
  const layout = layoutOf('/data/kafka', ports)
  const broker = layout.brokers.find((one) => one.id === id)
  if (broker === undefined) throw new Error(`no broker ${id}`)
  return Object.fromEntries(
    propertiesOf(broker, layout)
      .trim()
      .split('\n')
      .map((line) => line.split(/=(.*)/s).slice(0, 2)),
  ) as Record<string, string>
}

describe('a broker’s properties', () => {
  it('make one broker a cluster of its own, on loopback', () => {
    expect(written([9_092, 9_093], 1)).toMatchObject({
      'process.roles': 'broker,controller',
      listeners: 'PLAINTEXT://127.0.0.1:9092,CONTROLLER://127.0.0.1:9093',
      'controller.quorum.voters': '1@127.0.0.1:9093',
      'log.dirs': '/data/kafka/broker-1/data',
      'min.insync.replicas': '1',
      'default.replication.factor': '1',
    })
  })

  it('copy everything to three brokers of which two must have it', () => {
    const first = written([1_001, 1_002, 1_003, 1_009], 1)
    const third = written([1_001, 1_002, 1_003, 1_009], 3)
    expect(first['process.roles']).toBe('broker,controller')
    expect(third).toMatchObject({
      'process.roles': 'broker',
      'node.id': '3',
      listeners: 'PLAINTEXT://127.0.0.1:1003',
      'controller.quorum.voters': '1@127.0.0.1:1009',
      'min.insync.replicas': '2',
      'default.replication.factor': '3',
      'offsets.topic.replication.factor': '3',
      'transaction.state.log.min.isr': '2',
      'share.coordinator.state.topic.min.isr': '2',
    })
  })

  it('bring a killed broker back in seconds', () => {
    expect(written([9_092, 9_093], 1)).toMatchObject({ 'broker.session.timeout.ms': '2000' })
  })

  it('are those that somebody names where they would be ours', () => {
    const layout = layoutOf('', [9_092, 9_093])
    const [broker] = layout.brokers
    if (broker === undefined) throw new Error('no broker')
    const lines = propertiesOf(broker, layout, { listeners: 'SSL://a:1', 'ssl.client.auth': 'required' })
    expect(lines.split('\n').filter((line) => /^(listeners|ssl)/.test(line))).toEqual([
      'listeners=SSL://a:1',
      'ssl.client.auth=required',
    ])
  })

  it('leave the controller’s port out of what clients are told', () => {
    expect(portsOf(3)).toBe(4)
    expect(bootstrapServersOf(layoutOf('', [1_001, 1_002, 1_003, 1_009]))).toBe(
      '127.0.0.1:1001,127.0.0.1:1002,127.0.0.1:1003',
    )
  })
})
