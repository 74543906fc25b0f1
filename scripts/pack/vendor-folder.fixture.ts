import { execFileSync } from 'node:child_process'
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'

const repository = path.resolve(import.meta.dirname, '../..')
const thirdParty = path.join(repository, 'node_modules')

/** A package's manifest, as far as a test looks at it. */
type Manifest = {
  readonly name: string
  readonly version: string
  readonly dependencies?: Readonly<Record<string, string>>
  readonly exports: Readonly<Record<string, { readonly default: string } | string>>
}

/** A folder outside the repository in which every package is installed from its tarball. */
export type VendorFolder = {
  readonly folder: string
  /** The packages' manifests by name. */
  readonly manifests: ReadonlyMap<string, Manifest>
  /** Where a package was unpacked. */
  home(name: string): string
  write(name: string, text: string): void
  /** Runs Node here. @returns what it printed. @throws Error with what it printed when it fails. */
  node(...args: readonly string[]): string
  remove(): void
}

const readManifest = (home: string): Manifest =>
  JSON.parse(readFileSync(path.join(home, 'package.json'), 'utf8')) as Manifest

// Only what a manifest asks for is there, so that what it forgot is missing here, too.
const link = (modules: string, name: string) => {
  const to = path.join(modules, name)
  mkdirSync(path.dirname(to), { recursive: true })
  symlinkSync(path.join(thirdParty, name), to)
}

const unpack = (tarball: string, modules: string): Manifest => {
  const unpacked = mkdtempSync(path.join(modules, '.unpacked-'))
  execFileSync('tar', ['-xzf', tarball, '-C', unpacked, '--strip-components', '1'])
  const manifest = readManifest(unpacked)
  const home = path.join(modules, manifest.name)
  mkdirSync(path.dirname(home), { recursive: true })
  renameSync(unpacked, home)
  return manifest
}

/** Packs every package and installs all of them, without the network. */
export const openVendorFolder = (): VendorFolder => {
  const scratch = mkdtempSync(path.join(tmpdir(), 'mesh-packed-'))
  const folder = path.join(scratch, 'vendor')
  const modules = path.join(folder, 'node_modules')
  const tarballs = path.join(scratch, 'tarballs')
  mkdirSync(modules, { recursive: true })
  const env = { ...process.env, npm_config_cache: path.join(scratch, 'cache'), npm_config_offline: 'true' }
  const pack = [path.join(repository, 'scripts/pack.mjs'), '--out', tarballs]
  execFileSync(process.execPath, pack, { cwd: scratch, env, stdio: ['ignore', 'ignore', 'pipe'] })

  const manifests = readdirSync(tarballs).map((name) => unpack(path.join(tarballs, name), modules))
  const names = new Set(manifests.map(({ name }) => name))
  const wanted = new Set(manifests.flatMap(({ dependencies = {} }) => Object.keys(dependencies)))
  for (const name of wanted.difference(names)) link(modules, name)
  const write = (name: string, text: string) => writeFileSync(path.join(folder, name), text)
  write('package.json', '{ "type": "module" }\n')

  // What the test runner tells its own processes would change how `node --test` prints.
  const { NODE_OPTIONS: _options, NODE_TEST_CONTEXT: _context, ...clean } = process.env
  return {
    folder,
    manifests: new Map(manifests.map((manifest) => [manifest.name, manifest])),
    home: (name) => path.join(modules, name),
    write,
    node: (...args) =>
      execFileSync(process.execPath, args, { cwd: folder, env: clean, encoding: 'utf8', stdio: 'pipe' }),
    remove: () => rmSync(scratch, { recursive: true, force: true }),
  }
}
