import { spawnSync } from 'node:child_process'
import fs from 'node:fs'
import path from 'node:path'
import { BootError } from './sentence.mjs'

/** Oldest Node that runs the mesh: it strips types by itself and has `node:sqlite`. */
const LEAST = 24

const majorOf = (version) => Number(/^v?(\d+)/.exec(version)?.[1] ?? 0)

const platform = process.platform === 'win32' ? 'win' : process.platform
const packaged = `node-${platform}-${process.arch}`

const unsupported = () =>
  new BootError(
    `Commerce Mesh needs Node ${LEAST} or newer; this is ${process.version}, and the project brings no Node for this machine (${process.platform} ${process.arch}).`,
    `Install Node ${LEAST} from https://nodejs.org (or with nvm, fnm, Homebrew) and run the command again.`,
  )

/** Refuses before anything is downloaded where no Node would fit afterwards. */
export const checkNode = (root) => {
  const { optionalDependencies = {} } = JSON.parse(fs.readFileSync(path.join(root, 'package.json'), 'utf8'))
  if (majorOf(process.version) < LEAST && optionalDependencies[packaged] === undefined) throw unsupported()
}

/** The Node to run under: the one that the lockfile pins where it runs here (not on musl), else this one if it is new enough. */
export const findNode = (root) => {
  const pinned = path.join(
    root,
    'node_modules',
    packaged,
    'bin',
    process.platform === 'win32' ? 'node.exe' : 'node',
  )
  const answer = fs.existsSync(pinned) ? spawnSync(pinned, ['--version'], { encoding: 'utf8' }) : undefined
  if (answer?.status === 0 && majorOf(answer.stdout) >= LEAST) return pinned
  if (majorOf(process.version) >= LEAST) return process.execPath
  throw unsupported()
}
