import { destination, pino } from 'pino'
import type { Logger } from 'pino'
import type { Terminal } from '../terminal/terminal.ts'
import { humanLine } from './human-line.ts'

/** Logs go to standard error: short lines where a person looks on, pino's JSON everywhere else. */
export const createLogger = (level: string, terminal: Terminal): Logger =>
  terminal.isInteractive
    ? pino({ level }, { write: (line: string) => terminal.note(humanLine(line, terminal.notePaint)) })
    : pino({ level }, destination({ fd: 2, sync: true }))
