import { MeshError, contractsOf, openKafkaTopics, topicsOf } from '@commerce-mesh/mesh'
import type { TopicPlan } from '@commerce-mesh/mesh'
import { EXIT } from '../command/exit-code.ts'
import type { ExitCode } from '../command/exit-code.ts'
import type { Input } from '../command/input.ts'
import { engineConfig } from '../engines/read.ts'
import { createLogger } from '../log/logger.ts'
import { loadProgram } from '../program/program.ts'
import { wiringOf } from '../program/wiring.ts'
import { callOf } from '../terminal/call.ts'
import type { Terminal } from '../terminal/terminal.ts'
import { isOpen, renderPlan } from './render.ts'

const SETTLE_MS = 10_000
const LOOK_AGAIN_MS = 200

type Topics = Awaited<ReturnType<typeof openKafkaTopics>>

/** Plans with the topics of every service. @throws ConfigError, MeshError MESH_CONFIG_INVALID, MESH_BUS_UNAVAILABLE */
const withTopics = async <T>(
  input: Input,
  terminal: Terminal,
  work: (topics: Topics, plan: () => Promise<TopicPlan>) => Promise<T>,
): Promise<T> => {
  const { bus } = engineConfig(input, terminal)
  if (bus.driver !== 'kafka' || bus.kafka === undefined)
    throw new MeshError('MESH_CONFIG_INVALID', 'The configuration names no Kafka: its topics need no plan.', {
      action: 'Give the file of a mesh with bus.driver kafka by --config.',
    })
  const { services, mesh } = await loadProgram(input, terminal)
  const contracts = contractsOf(mesh)
  const outside = wiringOf(input, terminal)
    .producers.flatMap(({ emits }) => emits)
    .flatMap((type) => contracts.get(type) ?? [])
  const fromSources = mesh.sources.flatMap(({ source }) => source.emits)
  const { kafka, partitions, retentionDays } = bus
  const topics = await openKafkaTopics(kafka, { partitions, retentionDays }, createLogger('error', terminal))
  try {
    return await work(topics, () => topics.plan(topicsOf(services, partitions, [...outside, ...fromSources])))
  } finally {
    await topics.close()
  }
}

const show = (plan: TopicPlan, input: Input, terminal: Terminal): void => {
  if (input.on('json')) terminal.out(JSON.stringify(plan, undefined, 2))
  else for (const line of renderPlan(plan)) terminal.out(line)
}

/** `mesh topics plan`: exit code 1 where the cluster lacks something. */
export const planTopics = (input: Input, terminal: Terminal): Promise<ExitCode> =>
  withTopics(input, terminal, async (_topics, look) => {
    const plan = await look()
    show(plan, input, terminal)
    const open = plan.filter(isOpen)
    if (open.length === 0) return EXIT.ok
    if (open.some(({ action }) => action !== 'manual'))
      terminal.note(
        `Nothing was changed. \`${callOf(input, terminal)('topics apply')}\` does what can be done.`,
      )
    return EXIT.failed
  })

/** What a controller has decided reaches every broker a moment later. */
const settled = async (look: () => Promise<TopicPlan>): Promise<TopicPlan> => {
  const end = performance.now() + SETTLE_MS
  for (;;) {
    const plan = await look()
    if (!plan.some(({ action }) => action !== 'none' && action !== 'manual') || performance.now() > end)
      return plan
    await new Promise((resolve) => setTimeout(resolve, LOOK_AGAIN_MS))
  }
}

/** `mesh topics apply`: does it, and plans again to show that it is done. */
export const applyTopics = (input: Input, terminal: Terminal): Promise<ExitCode> =>
  withTopics(input, terminal, async (topics, look) => {
    const plan = await look()
    if (plan.some(isOpen)) {
      for (const line of renderPlan(plan)) terminal.note(line)
      await topics.apply(plan)
    }
    const after = await settled(look)
    show(after, input, terminal)
    return after.some(isOpen) ? EXIT.failed : EXIT.ok
  })
