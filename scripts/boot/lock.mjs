import fs from 'node:fs'
import path from 'node:path'

/** The holder touches its lock this often; older than three times this, nobody holds it any more. */
const BEAT_MS = 5_000
const ASK_MS = 200

const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms))

const take = (file) => {
  try {
    fs.writeFileSync(file, String(process.pid), { flag: 'wx' })
    return true
  } catch (error) {
    if (error.code === 'EEXIST') return false
    throw error
  }
}

const isAlive = (pid) => {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return error.code === 'EPERM'
  }
}

const read = (file) => {
  try {
    return { pid: Number(fs.readFileSync(file, 'utf8')), age: Date.now() - fs.statSync(file).mtimeMs }
  } catch {
    return undefined
  }
}

// A dead holder's pid may belong to somebody else by now, and a file without a pid may be one that is being written.
const isStale = ({ pid, age }) => (pid > 0 ? !isAlive(pid) || age > 3 * BEAT_MS : age > BEAT_MS)

const removeStale = (file, pid) => {
  const aside = `${file}.${process.pid}`
  try {
    fs.renameSync(file, aside)
    // Somebody was faster and this is already the next holder's lock: give it back.
    if (read(aside)?.pid !== pid) fs.linkSync(aside, file)
  } catch {
    // Somebody else removed it.
  }
  fs.rmSync(aside, { force: true })
}

/** Runs `work` while no other process does; a lock whose holder died is taken over. `waiting` is told once. */
export const withLock = async (root, waiting, work) => {
  const file = path.join(root, '.boot-lock')
  for (let told = false; !take(file);) {
    const holder = read(file)
    if (holder === undefined) continue
    if (isStale(holder)) {
      removeStale(file, holder.pid)
      continue
    }
    if (!told) waiting(holder.pid)
    told = true
    await pause(ASK_MS)
  }
  const beat = setInterval(() => fs.utimes(file, new Date(), new Date(), () => {}), BEAT_MS)
  const release = () => fs.rmSync(file, { force: true })
  process.once('exit', release)
  try {
    return await work()
  } finally {
    clearInterval(beat)
    release()
    process.off('exit', release)
  }
}
