import { spawnSync } from 'node:child_process'
import { mkdirSync } from 'node:fs'
import { PackError } from './pack-error.mjs'

/** The npm that runs this script, or else the one on the PATH. */
const npm = (args, options) => {
  const script = process.env['npm_execpath']
  return script?.endsWith('npm-cli.js')
    ? spawnSync(process.execPath, [script, ...args], options)
    : spawnSync('npm', args, { ...options, shell: process.platform === 'win32' })
}

/**
 * Packs laid out packages into `out`, a tarball each.
 *
 * @returns the tarballs' names.
 * @throws PackError when npm fails; it has said why by then.
 */
export const archive = (folders, out) => {
  mkdirSync(out, { recursive: true })
  const { status, stdout } = npm(['pack', ...folders, '--pack-destination', out, '--loglevel', 'error'], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', process.stderr],
  })
  if (status !== 0) throw new PackError('npm could not pack the packages.', 'Mend what it names above.')
  return stdout.trim().split('\n')
}
