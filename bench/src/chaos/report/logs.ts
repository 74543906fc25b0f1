import { existsSync, readFileSync, readdirSync } from 'node:fs'

/** Least severe level of a line of the log that is worth a look (pino: 40 is warn). */
const WARN = 40
const LINES = 15
const LONGEST = 400

const isWorthALook = (line: string): boolean => {
  if (!line.startsWith('{')) return line.trim() !== ''
  try {
    const { level } = JSON.parse(line) as { level?: number }
    return (level ?? 0) >= WARN
  } catch {
    return true
  }
}

/** The last warnings and errors of every process of a world, and whatever else than log lines it printed. */
export const lastWords = (folder: string): string =>
  (existsSync(folder) ? readdirSync(folder, { withFileTypes: true }) : [])
    .filter((entry) => entry.isFile() && entry.name.endsWith('.log'))
    .map(({ name }) => {
      const lines = readFileSync(`${folder}/${name}`, 'utf8').split('\n').filter(isWorthALook).slice(-LINES)
      return [`== ${name}`, ...lines.map((line) => `  ${line.slice(0, LONGEST)}`)].join('\n')
    })
    .join('\n')
