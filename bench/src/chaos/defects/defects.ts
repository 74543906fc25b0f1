import type { Engines } from '@commerce-mesh/mesh'
import { withoutAckAfterWrite } from './ack-before-write.ts'
import { withoutFence } from './no-fence.ts'
import { withoutInbox } from './no-inbox.ts'
import { withoutLanes } from './no-lanes.ts'
import { withoutSweeper } from './no-sweeper.ts'

/**
 * What is broken on purpose, between the runtime and its engines, to see whether the whole apparatus notices. Nothing of
 * it is in the runtime itself.
 */
export const DEFECTS = {
  /** The inbox is written, but nobody looks into it. */
  'no-inbox': withoutInbox,
  /** The caller is told that a record is durable, and only then it is written. */
  'ack-before-write': withoutAckAfterWrite,
  /** What a crash left in an outbox is not looked for. */
  'no-sweeper': withoutSweeper,
  /** Records of one key are handled side by side, and their offsets are committed before they are handled. */
  'no-lanes': withoutLanes,
  /** Who owns a partition, and whether somebody else was faster, does not matter. */
  'no-fence': withoutFence,
} as const satisfies Readonly<Record<string, (engines: Engines) => Engines>>

/** Name of a defect. */
export type DefectName = keyof typeof DEFECTS
