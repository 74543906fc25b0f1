import { createInterface } from 'node:readline'

// Told on stdin which processes there are (`+123`, `-123`). When whoever tells it ends, in whatever way, it kills the
// rest: a chaos run that is killed itself leaves no stopped zombie and no service behind.

const pids = new Set<number>()
for await (const line of createInterface({ input: process.stdin })) {
  const pid = Number(line.slice(1))
  if (line.startsWith('+')) pids.add(pid)
  else pids.delete(pid)
}
for (const pid of pids) {
  try {
    process.kill(pid, 'SIGKILL')
  } catch {
    // It has ended by itself.
  }
}
