import path from 'node:path'
import { shortPath } from '../data/place.ts'
import { quoted } from './call.ts'
import type { Terminal } from './terminal.ts'

const SHIPPED = /(?<![\w./-])(?:docs|examples)\/[\w.-]*\w/g

/** Help that names pages and samples of ours (`examples/order.json`), with the paths at which this person finds them. */
export const withPaths = (text: string, terminal: Pick<Terminal, 'root' | 'directory'>): string =>
  text.replaceAll(SHIPPED, (file) => quoted(shortPath(path.join(terminal.root, file), terminal)))
