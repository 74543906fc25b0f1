import { closeSync, ftruncateSync, openSync, readFileSync, writeSync } from 'node:fs'
import { z } from 'zod'
import type { LedgerEntry } from './ledger.ts'

const attribute = z.strictObject({ namespace: z.string(), name: z.string(), value: z.string() })

const entryLine = z.strictObject({
  at: z.string(),
  user: z.string(),
  courseId: z.string(),
  enrollment: z
    .strictObject({
      mode: z.string(),
      isActive: z.boolean(),
      created: z.string(),
      attributes: z.array(attribute),
    })
    .nullable(),
  effects: z.int().nonnegative(),
  calls: z.int().nonnegative(),
  lastOrderNumber: z.string().nullable(),
})

const line = z.union([entryLine, z.strictObject({ at: z.string(), reset: z.literal(true) })])

/**
 * The effects of the sandbox on disk, one JSON line each, written before the call is answered: a killed sandbox that is
 * started again on the same file has its enrollments again. (Calls without an effect since the last line are not in it.)
 */
export class EffectJournal {
  readonly #file: number

  private constructor(file: number) {
    this.#file = file
  }

  /**
   * Opens or creates the file and hands every earlier entry to `restore`, oldest first, after `reset` where the sandbox was
   * reset. A last line that a crash cut off is removed.
   * @throws Error naming the line, where the file is no journal of a sandbox; it is left as it was.
   */
  static open(path: string, restore: (entry: LedgerEntry) => void, reset: () => void): EffectJournal {
    const file = openSync(path, 'a+')
    try {
      const content = readFileSync(file)
      const whole = content.lastIndexOf(0x0a) + 1
      const lines = content.subarray(0, whole).toString('utf8').split('\n').slice(0, -1)
      for (const [index, each] of lines.entries()) {
        const read = readLine(each, path, index + 1)
        if ('reset' in read) reset()
        else restore(read)
      }
      if (whole < content.length) ftruncateSync(file, whole)
      return new EffectJournal(file)
    } catch (error) {
      closeSync(file)
      throw error
    }
  }

  append(entry: LedgerEntry, now: number): void {
    this.#write({ at: new Date(now).toISOString(), ...entry })
  }

  appendReset(now: number): void {
    this.#write({ at: new Date(now).toISOString(), reset: true })
  }

  close(): void {
    closeSync(this.#file)
  }

  #write(value: unknown): void {
    writeSync(this.#file, `${JSON.stringify(value)}\n`)
  }
}

function readLine(text: string, path: string, number: number): z.infer<typeof line> {
  try {
    return line.parse(JSON.parse(text))
  } catch (cause) {
    const what = `Line ${number} of ${path} is not an effect of a sandbox LMS.`
    throw new Error(`${what} Name another journalFile, or move this file away.`, { cause })
  }
}
