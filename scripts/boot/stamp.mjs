import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'

const files = (root) => ({
  lockfile: path.join(root, 'package-lock.json'),
  copy: path.join(root, 'node_modules', '.boot-lockfile'),
  stamp: path.join(root, 'node_modules', '.boot-stamp'),
  hidden: path.join(root, 'node_modules', '.package-lock.json'),
})

/** As `uname -sm` says it, which the launcher compares. Node before 18.9 can't tell the machine. */
const machine = () => `${os.type()} ${os.machine?.() ?? '?'}`

const text = (file) => {
  try {
    return fs.readFileSync(file, 'utf8')
  } catch {
    return undefined
  }
}

/** The Node to run under, when what is installed is what the lockfile says; otherwise undefined. */
export const readStamp = (root) => {
  const { lockfile, copy, stamp } = files(root)
  const [on, node] = text(stamp)?.split('\n') ?? []
  if (on !== machine() || !node || text(copy) !== text(lockfile)) return undefined
  const executable = path.resolve(root, node)
  return fs.existsSync(executable) ? executable : undefined
}

/** Notes that what is installed is what the lockfile says, and which Node to run under. */
export const writeStamp = (root, node) => {
  const { lockfile, copy, stamp } = files(root)
  fs.mkdirSync(path.dirname(stamp), { recursive: true })
  const relative = path.relative(root, node)
  fs.copyFileSync(lockfile, copy)
  fs.writeFileSync(
    stamp,
    `${machine()}\n${relative.startsWith('..') || path.isAbsolute(relative) ? node : relative}\n`,
  )
}

/** Whether somebody ran `npm ci` or `npm install` by hand and got what the lockfile says. */
export const isInstalled = (root) => {
  const { lockfile, hidden } = files(root)
  try {
    const wanted = JSON.parse(text(lockfile)).packages
    const found = JSON.parse(text(hidden)).packages
    return Object.entries(wanted).every(([place, entry]) => {
      if (!place.includes('node_modules/') || entry.link) return true
      const present = found[place]
      return present === undefined
        ? entry.optional === true
        : present.version === entry.version && present.integrity === entry.integrity
    })
  } catch {
    return false
  }
}
