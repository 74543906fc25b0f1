import { afterEach, describe, expect, it } from '@jest/globals'
import { eventually } from '../../../flow/eventually.fixture.ts'
import { type FakeBroker, startBroker } from './broker.fixture.ts'
import { kafkaClient } from '../client.ts'
import { createLink } from '../consume/link.ts'
import { kafkaSettings, silentLog } from '../kafka.fixture.ts'
import { createAddressBook, createNodes, wasSent } from './nodes.ts'

const started: FakeBroker[] = []
const ends: (() => void)[] = []
afterEach(async () => {
  for (const end of ends.splice(0)) end()
  await Promise.all(started.splice(0).map((broker) => broker.stop()))
})

const start = async (conduct?: Parameters<typeof startBroker>[0]) => {
  const broker = await startBroker(conduct)
  started.push(broker)
  return broker
}

const clientOf = (brokers: readonly FakeBroker[], changes: Parameters<typeof kafkaSettings>[0] = {}) =>
  kafkaClient(
    kafkaSettings({
      bootstrapServers: brokers.map(({ address }) => address).join(','),
      requestTimeoutMs: 10_000,
      ...changes,
    }),
    silentLog(),
  )

describe('asking any broker', () => {
  it('begins with a random one, so that many processes don’t all wait for the same dead one', async () => {
    const brokers = [
      await start({ silent: true }),
      await start({ silent: true }),
      await start({ silent: true }),
    ]
    const nodes = createNodes(clientOf(brokers), { patienceMs: 100, random: () => 0.5 })
    ends.push(nodes.close)
    const asking = nodes.metadata(['a']).catch(() => {})
    await brokers[1]?.connected
    expect(brokers.map(({ connections }) => connections())).toEqual([0, 1, 0])
    await asking
  })

  it('gets past brokers that swallow everything, though a link gives up before it has asked them all', async () => {
    const brokers = [
      await start({ silent: true }),
      await start({ silent: true }),
      await start({ silent: true }),
      await start(),
    ]
    const link = createLink(clientOf(brokers), {
      answerMs: 300,
      addresses: createAddressBook(),
      random: () => 0,
    })
    ends.push(link.nodes.close)
    await eventually('an answer', () => link.nodes.metadata(['a']))
    expect(brokers[3]?.connections()).toBeGreaterThan(0)
  })

  it('gives each its turn where all have failed', async () => {
    const brokers = [await start({ silent: true }), await start({ silent: true }), await start()]
    const addresses = createAddressBook()
    for (const { address } of [brokers[2], brokers[0], brokers[1]] as FakeBroker[])
      addresses.suspects.add(address)
    const nodes = createNodes(clientOf(brokers), { patienceMs: 60_000, addresses, random: () => 0 })
    ends.push(nodes.close)
    await nodes.metadata(['a'])
    expect(brokers.map(({ connections }) => connections())).toEqual([0, 0, 1])
  })

  it('asks others first after somebody has hung up because of one', async () => {
    const brokers = [await start({ silent: true }), await start({ silent: true })]
    const addresses = createAddressBook()
    const open = () => {
      const nodes = createNodes(clientOf(brokers), { patienceMs: 60_000, addresses, random: () => 0 })
      ends.push(nodes.close)
      return nodes
    }
    const first = open()
    const asking = first.metadata(['a']).catch(() => {})
    await brokers[0]?.connected
    first.close()
    await asking
    const again = open()
    const asked = again.metadata(['a']).catch(() => {})
    await brokers[1]?.connected
    again.close()
    await asked
    expect(brokers.map(({ connections }) => connections())).toEqual([1, 1])
  })

  it('knows whether a request that failed had gone out', async () => {
    const mute = await start({ silent: true })
    const early = createNodes(clientOf([mute]), { patienceMs: 50 })
    ends.push(early.close)
    expect(wasSent(await early.metadata(['a']).catch((thrown: unknown) => thrown))).toBe(false)
    expect(wasSent(await early.send(1, 'Produce', {}).catch((thrown: unknown) => thrown))).toBe(false)
    const deaf = await start({ deafTo: 3 })
    const late = createNodes(clientOf([deaf]), { patienceMs: 300 })
    ends.push(late.close)
    expect(wasSent(await late.metadata(['a']).catch((thrown: unknown) => thrown))).toBe(true)
  })

  it('leaves all brokers alone for a while after a refused login', async () => {
    const sasl = { mechanism: 'plain', username: 'mesh', password: 'wrong' } as const
    const brokers = [await start(), await start()]
    const client = clientOf(brokers, { sasl })
    const nodes = createNodes(client, { patienceMs: 5_000, random: () => 0 })
    const others = createNodes(client, { patienceMs: 5_000, random: () => 0 })
    ends.push(nodes.close, others.close)
    for (const one of [nodes, nodes, others])
      await expect(one.metadata(['a'])).rejects.toMatchObject({ type: 'UNSUPPORTED_SASL_MECHANISM' })
    expect(brokers.map(({ connections }) => connections())).toEqual([1, 0])
  })
})
