import type { EngineName } from '../engine/engine.ts'

/** A kind of tests that needs real engines. */
export type Kind = {
  /** Files that hold them, as Jest's `testMatch`. */
  readonly files: string
  readonly engines: readonly EngineName[]
  /** How long one test may take where it says nothing, in milliseconds: brokers are killed and come back. */
  readonly timeoutMs: number
}

/** Kinds by the name that the command line knows. */
export const KINDS: Readonly<Record<string, Kind>> = {
  engines: { files: '**/*.engine.spec.ts', engines: ['kafka', 'mongo'], timeoutMs: 180_000 },
  jaeger: { files: '**/*.jaeger.spec.ts', engines: ['jaeger'], timeoutMs: 120_000 },
}

/** Arguments of Node that run the tests of a kind. @param rest what the person added: files, `-t NAME`, … */
export const jestArguments = ({ files, timeoutMs }: Kind, rest: readonly string[]): readonly string[] => [
  '--experimental-vm-modules',
  '--disable-warning=ExperimentalWarning',
  'node_modules/jest/bin/jest.js',
  `--testMatch=${files}`,
  `--testTimeout=${timeoutMs}`,
  ...rest,
]
