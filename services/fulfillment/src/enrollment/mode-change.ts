import type { Enrollment } from '../lms/port.ts'

/**
 * What an order for a mode means for the enrollment that is there:
 *
 * - `granted`: it is so already, or the learner holds more than was ordered.
 * - `write`: create it, activate it, or raise its mode.
 * - `conflict`: the learner would lose another paid mode; a person decides.
 */
export type ModeChange = 'granted' | 'write' | 'conflict'

// Who buys the second holds all of the first, and more.
const RAISES = new Set(['verified>credit', 'no-id-professional>professional'])

const FREE = /^(audit|honor|unpaid-.*)$/

const level = (mode: string) => (mode === 'audit' ? 0 : FREE.test(mode) ? 1 : 2)

const isBelow = (lower: string, higher: string) =>
  level(lower) < level(higher) || RAISES.has(`${lower}>${higher}`)

/**
 * Decides from what is and what was ordered. A paid order states the wanted end, so free modes give way to it; but it
 * never takes from a learner what was paid for in another mode (`masters` does not become `verified`), and an order that
 * was overtaken (`verified` after `credit`) changes nothing.
 */
export const modeChange = (held: Enrollment | null, wanted: string): ModeChange => {
  if (held === null || !held.isActive) return 'write'
  if (held.mode === wanted || isBelow(wanted, held.mode)) return 'granted'
  return isBelow(held.mode, wanted) || level(held.mode) < 2 ? 'write' : 'conflict'
}
