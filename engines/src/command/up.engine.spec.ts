import { afterAll, expect, it } from '@jest/globals'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { client, makeTopic, read, write } from '../kafka/kafka-client.fixture.ts'
import { idOf } from '../engine/engine.ts'
import { isRunning } from '../process/identity.ts'
import { kill } from '../process/stop.ts'
import { run } from '../process/run.ts'
import { describeRecipe } from '../recipe/describe-recipe.fixture.ts'
import { findJava } from '../recipe/tools.ts'
import { readState } from '../state/state.ts'

const main = path.resolve(import.meta.dirname, '../main.ts')

await describeRecipe('kafka', findJava, 'npm run engines', () => {
  const home = mkdtempSync(path.join(tmpdir(), 'mesh-engines-'))
  const engines = (...args: readonly string[]) =>
    run(process.execPath, [main, ...args], { env: { MESH_ENGINES_HOME: home, MESH_ENGINES: 'recipe' } })
  const kafka = () => {
    const record = readState(home).running['kafka']
    const [broker] = record?.processes ?? []
    if (record === undefined || broker === undefined) throw new Error('kafka is not in the state file')
    return { servers: record.addresses['bootstrapServers'] ?? '', broker: idOf(broker) }
  }

  afterAll(async () => {
    await engines('down')
    rmSync(home, { recursive: true, force: true })
  })

  it('brings Kafka up once, however often and at the same time it is asked', async () => {
    const both = await Promise.all([engines('up', 'kafka'), engines('up', 'kafka')])
    expect(both.map(({ ok }) => ok)).toEqual([true, true])
    expect(both.filter(({ output }) => output.includes('runs already')).length).toBe(1)
    expect(both[0].output).toContain(`export MESH_TEST_KAFKA='${kafka().servers}'`)
    expect(isRunning(kafka().broker)).toBe(true)
  })

  it('keeps what was written over a kill and a restart, at the same address', async () => {
    const { servers, broker } = kafka()
    const connected = client(servers)
    const admin = connected.admin()
    const producer = connected.producer()
    await Promise.all([admin.connect(), producer.connect()])
    await makeTopic(admin, 'kept')
    await write(producer, 'kept', 'before')
    await Promise.all([admin.disconnect(), producer.disconnect()])
    await kill(broker)
    expect((await engines('status')).output).toContain('has ended by itself')
    expect((await engines('up', 'kafka')).output).toContain('ready after')
    expect(kafka().servers).toBe(servers)
    expect(await read(servers, 'kept', 1)).toEqual(['before'])
  })

  it('says what runs, and where', async () => {
    const { output } = await engines('status')
    for (const part of [
      'kafka: Apache Kafka',
      'by recipe, runs',
      kafka().servers,
      `pid ${kafka().broker.pid}`,
      home,
    ])
      expect(output).toContain(part)
  })

  it('refuses another number of brokers while it runs', async () => {
    const { ok, output } = await engines('up', 'kafka', '--brokers', '3')
    expect([ok, output]).toEqual([false, expect.stringContaining('Kafka runs already, with 1 broker.')])
  })

  it('stops what it started, and nothing is left', async () => {
    const { broker } = kafka()
    expect((await engines('down')).output).toContain('kafka: stopped;')
    expect(isRunning(broker)).toBe(false)
    expect((await engines('down')).output).toContain('Nothing runs here')
  })
})
