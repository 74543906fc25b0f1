import { spawn } from 'node:child_process'
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { describe, expect, it } from '@jest/globals'

const repository = path.resolve(import.meta.dirname, '../..')

type Lock = Record<string, unknown>
const lockfile = (packages: Lock = {}, dependencies: Record<string, string> = {}) =>
  JSON.stringify({
    name: 'clone',
    version: '0.0.0',
    lockfileVersion: 3,
    requires: true,
    packages: { '': { name: 'clone', version: '0.0.0', dependencies }, ...packages },
  })

/** A clone with nothing installed, whose `mesh` prints what it was started with. */
const clone = (packages?: Lock, dependencies: Record<string, string> = {}) => {
  const root = mkdtempSync(path.join(tmpdir(), 'mesh boot '))
  cpSync(path.join(repository, 'scripts'), path.join(root, 'scripts'), { recursive: true })
  cpSync(path.join(repository, 'mesh'), path.join(root, 'mesh'))
  writeFileSync(
    path.join(root, 'package.json'),
    JSON.stringify({ name: 'clone', version: '0.0.0', private: true, type: 'module', dependencies }),
  )
  writeFileSync(path.join(root, 'package-lock.json'), lockfile(packages, dependencies))
  mkdirSync(path.join(root, 'packages/cli/src'), { recursive: true })
  const main = `
  if (process.argv[2] === 'wait') { process.on('SIGINT', () => process.exit(7)); setInterval(() => {}, 1000) }
  console.log(JSON.stringify({ args: process.argv.slice(2), cwd: process.cwd(), node: process.execPath }))
  if (process.argv[2] === 'exit') process.exit(Number(process.argv[3]))
  `
  writeFileSync(path.join(root, 'packages/cli/src/main.ts'), main)
  return root
}

type Ended = { code: number | null; signal: string | null; out: string; err: string }

const start = (
  command: string,
  args: readonly string[],
  options: { cwd?: string; env?: Record<string, string> } = {},
) => {
  const env = { ...process.env, npm_config_fetch_retries: '0', ...options.env }
  const child = spawn(command, args, { cwd: options.cwd ?? tmpdir(), env })
  const text = { out: '', err: '' }
  child.stdout.on('data', (chunk: Buffer) => (text.out += chunk.toString()))
  child.stderr.on('data', (chunk: Buffer) => (text.err += chunk.toString()))
  const ended = new Promise<Ended>((resolve) =>
    child.once('close', (code, signal) => resolve({ code, signal, ...text })),
  )
  const printed = new Promise<void>((resolve) => child.stdout.once('data', () => resolve()))
  return { child, ended, printed }
}

const boot = (root: string, ...args: string[]) =>
  start(process.execPath, [path.join(root, 'scripts/boot.mjs'), 'packages/cli/src/main.ts', ...args])
const launcher = (root: string, ...args: string[]) => start(path.join(root, 'mesh'), args)
const installs = (err: string) => err.match(/Installing the dependencies/g)?.length ?? 0

describe('scripts/boot.mjs', () => {
  it('installs once, keeps the working directory and the arguments, and ends as the script does', async () => {
    const root = clone()
    const first = await boot(root, 'exit', '5').ended
    expect(first).toMatchObject({ code: 5, signal: null })
    expect(JSON.parse(first.out)).toMatchObject({ args: ['exit', '5'], cwd: tmpdir() })
    expect(installs(first.err)).toBe(1)
    expect(await boot(root, 'exit', '0').ended).toMatchObject({ code: 0, err: '' })
  })

  it('installs again when the lockfile changed', async () => {
    const root = clone()
    await boot(root).ended
    writeFileSync(path.join(root, 'package-lock.json'), `${lockfile()}\n`)
    rmSync(path.join(root, 'node_modules/.package-lock.json'), { force: true })
    expect(installs((await boot(root).ended).err)).toBe(1)
  })

  it('takes what `npm ci` left without installing again', async () => {
    const root = clone({
      'node_modules/a': { version: '1.0.0', integrity: 'sha512-a' },
      'node_modules/b': { version: '1.0.0', optional: true },
    })
    mkdirSync(path.join(root, 'node_modules'))
    writeFileSync(
      path.join(root, 'node_modules/.package-lock.json'),
      JSON.stringify({ packages: { 'node_modules/a': { version: '1.0.0', integrity: 'sha512-a' } } }),
    )
    expect(await boot(root).ended).toMatchObject({ code: 0, err: '' })
  })

  it('installs once when two commands start at once', async () => {
    const root = clone()
    const ended = await Promise.all([boot(root).ended, boot(root).ended, launcher(root).ended])
    expect(ended.map(({ code }) => code)).toEqual([0, 0, 0])
    expect(installs(ended.map(({ err }) => err).join(''))).toBe(1)
    expect(existsSync(path.join(root, '.boot-lock'))).toBe(false)
  })

  it('takes over the lock of a process that is gone', async () => {
    const root = clone()
    const gone = start(process.execPath, ['-e', ''])
    await gone.ended
    writeFileSync(path.join(root, '.boot-lock'), String(gone.child.pid))
    expect(await boot(root).ended).toMatchObject({ code: 0 })
  })

  it.each([
    ['by becoming the script', []],
    ['on a Node that can’t', ['--import', 'data:text/javascript,process.execve=undefined']],
  ])('passes SIGINT on, %s, and prints nothing of its own', async (_how, flags) => {
    const root = clone()
    await boot(root).ended
    const waiting = start(process.execPath, [
      ...flags,
      path.join(root, 'scripts/boot.mjs'),
      'packages/cli/src/main.ts',
      'wait',
    ])
    await waiting.printed
    waiting.child.kill('SIGINT')
    expect(await waiting.ended).toMatchObject({ code: 7, err: '' })
  })

  it('says that the registry can’t be reached, and leaves no lock', async () => {
    const root = clone(
      {
        'node_modules/a': {
          version: '1.0.0',
          resolved: 'http://127.0.0.1:1/a.tgz',
          integrity: `sha512-${'A'.repeat(86)}==`,
        },
      },
      { a: '1.0.0' },
    )
    const { code, err } = await boot(root).ended
    expect(code).toBe(3)
    expect(err).toContain('The package registry can’t be reached.')
    expect(err).not.toMatch(/^\s+at /m)
    expect(existsSync(path.join(root, '.boot-lock'))).toBe(false)
  })

  it('says that npm is missing', async () => {
    const root = clone()
    const { code, err } = await start(process.execPath, [path.join(root, 'scripts/boot.mjs'), 'x.mjs'], {
      env: { PATH: '/nonexistent', npm_execpath: '' },
    }).ended
    expect({ code, err }).toEqual({ code: 3, err: expect.stringContaining('there is no `npm` on the PATH') })
  })
})

describe('mesh, the launcher', () => {
  it('goes straight to Node where nothing changed, also through a link from elsewhere', async () => {
    const root = clone()
    await launcher(root).ended
    cpSync(path.join(root, 'scripts/boot.mjs'), path.join(root, 'boot.kept'))
    writeFileSync(path.join(root, 'scripts/boot.mjs'), 'throw new Error("not needed")')
    const link = path.join(mkdtempSync(path.join(tmpdir(), 'mesh-link-')), 'mesh')
    symlinkSync(path.join(root, 'mesh'), link)
    const { code, out } = await start(link, ['order', 'place', 'a b.json']).ended
    expect(code).toBe(0)
    expect(JSON.parse(out)).toMatchObject({ args: ['order', 'place', 'a b.json'], cwd: tmpdir() })
  })

  it('says that Node is missing', async () => {
    const root = clone()
    const bin = mkdtempSync(path.join(tmpdir(), 'mesh-bin-'))
    for (const tool of ['dirname', 'readlink', 'uname', 'cmp']) {
      writeFileSync(path.join(bin, tool), `#!/bin/sh\nPATH=/usr/bin:/bin exec ${tool} "$@"\n`)
      chmodSync(path.join(bin, tool), 0o755)
    }
    const { code, err } = await start('/bin/sh', [path.join(root, 'mesh')], { env: { PATH: bin } }).ended
    expect({ code, err }).toEqual({ code: 3, err: expect.stringContaining('there is no `node` on the PATH') })
  })
})
