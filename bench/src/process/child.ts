import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'

/** A process under measurement, asked over IPC. */
export type Child = {
  readonly pid: number
  /** What it said when it was ready. */
  readonly ready: Readonly<Record<string, unknown>>
  /** Milliseconds from the fork to ready. */
  readonly readyMs: number
  /** CPU milliseconds (all threads) since its start, and resident memory in MB. */
  usage(): Promise<{ cpuMs: number; rssMb: number }>
  ask(question: string, detail?: unknown): Promise<unknown>
  alive(): boolean
  /** Resolves when the process has ended, however it ended. */
  readonly exited: Promise<unknown>
  stop(): Promise<void>
}

type Pending = { resolve(answer: unknown): void; reject(error: Error): void }

const answers = (child: ChildProcess) => {
  const waiting = new Map<number, Pending>()
  let last = 0
  child.on('message', (message: { id?: number; answer?: unknown }) => {
    const pending = waiting.get(message.id ?? -1)
    waiting.delete(message.id ?? -1)
    pending?.resolve(message.answer)
  })
  child.on('exit', () => {
    for (const { reject } of waiting.values()) reject(new Error('the measured process ended'))
  })
  return (question: string, detail?: unknown) =>
    new Promise<unknown>((resolve, reject) => {
      waiting.set(++last, { resolve, reject })
      child.send({ id: last, question, detail })
    })
}

/** Starts a module of ./servers as a process of its own and waits until it is ready. */
export const startChild = async (
  module: string,
  settings: unknown,
  environment: Readonly<Record<string, string>> = {},
): Promise<Child> => {
  const started = performance.now()
  const child = fork(new URL(`../servers/${module}.ts`, import.meta.url), [JSON.stringify(settings)], {
    execArgv: [],
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    env: { ...process.env, ...environment },
  })
  const exited = once(child, 'exit')
  const [ready] = (await Promise.race([
    once(child, 'message'),
    exited.then(() => Promise.reject(new Error(`${module} ended before it was ready`))),
  ])) as [Record<string, unknown>]
  const readyMs = performance.now() - started
  const ask = answers(child)
  return {
    pid: child.pid ?? 0,
    ready,
    readyMs,
    usage: async () => (await ask('usage')) as { cpuMs: number; rssMb: number },
    ask,
    alive: () => child.exitCode === null && child.signalCode === null,
    exited,
    stop: async () => {
      child.send({ id: 0, question: 'stop' })
      await exited
    },
  }
}
