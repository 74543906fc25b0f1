import { readFileSync } from 'node:fs'
import type { Enrolled } from './history.ts'

/** A line of the LMS's record. */
export type EffectLine = Enrolled & {
  /** When it was carried out (ms since the epoch). */
  readonly at: number
}

type Line = { readonly at: string; readonly lastOrderNumber: string | null; readonly courseId: string }

/** The LMS's own record: one line for each state-changing call, in the order in which it carried them out. */
export const readEffects = (file: string): EffectLine[] =>
  readFileSync(file, 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => {
      const { at, lastOrderNumber, courseId } = JSON.parse(line) as Line
      return { at: Date.parse(at), orderNumber: lastOrderNumber, courseId }
    })
