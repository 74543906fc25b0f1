// Makes the packages that others install: plain JavaScript and types, each with its manifest, README and licence.
//
//   node scripts/pack.mjs [--out DIR] [--only NAME]…    tarballs of all packages or of some; by default in dist/packages
//   node scripts/pack.mjs build NAME                    one package laid out in its own dist/, for a look or for `npm link`
//
// Nothing of it needs the network.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { archive } from './pack/archive.mjs'
import { assemble, readManifest } from './pack/assemble.mjs'
import { compile } from './pack/compile.mjs'
import { entryPaths, entrySources } from './pack/manifest.mjs'
import { PackError } from './pack/pack-error.mjs'
import { PACKAGES, shortName } from './pack/packages.mjs'

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..')

const named = (names) =>
  names.map((name) => {
    const found = PACKAGES.find((entry) => shortName(entry) === name)
    if (found !== undefined) return found
    const known = PACKAGES.map(shortName).join(', ')
    throw new PackError(`There is no package '${name}'.`, `The packages are ${known}.`)
  })

const compileAll = (entries, stage) => {
  const paths = PACKAGES.map((entry) => entryPaths(readManifest(root, entry), path.join(root, entry.folder)))
  const known = Object.assign({}, ...paths)
  const filesOf = (kind) =>
    kind.flatMap((entry) =>
      entrySources(readManifest(root, entry), entry).map((source) => path.join(entry.folder, source)),
    )
  // Nobody imports a program, so nobody needs its types.
  const isProgram = ({ bin }) => bin !== undefined
  compile(root, filesOf(entries.filter((entry) => !isProgram(entry))), known, stage, { declaration: true })
  compile(root, filesOf(entries.filter(isProgram)), known, stage, { declaration: false })
}

const build = (entry, stage) => {
  const out = path.join(root, entry.folder, 'dist')
  compileAll([entry], stage)
  rmSync(out, { recursive: true, force: true })
  assemble(root, stage, entry, out)
}

const pack = (entries, stage, out) => {
  compileAll(entries, stage)
  const folders = entries.map((entry) => {
    const folder = path.join(stage, 'packed', shortName(entry))
    assemble(root, stage, entry, folder)
    return folder
  })
  for (const name of archive(folders, out)) console.log(path.join(out, name))
}

const work = (stage) => {
  const { values, positionals } = parseArgs({
    options: { out: { type: 'string' }, only: { type: 'string', multiple: true } },
    allowPositionals: true,
  })
  const [verb, ...names] = positionals
  if (verb === 'build' && names.length === 0)
    throw new PackError('Which package is to be built?', 'node scripts/pack.mjs build NAME')
  if (verb === 'build') for (const entry of named(names)) build(entry, stage)
  else if (verb === undefined)
    pack(
      values.only === undefined ? PACKAGES : named(values.only),
      stage,
      path.resolve(values.out ?? path.join(root, 'dist/packages')),
    )
  else throw new PackError(`'${verb}' is not something that this does.`, 'node scripts/pack.mjs [build NAME]')
}

const stage = mkdtempSync(path.join(tmpdir(), 'mesh-pack-'))
try {
  work(stage)
} catch (thrown) {
  const isUsage = thrown instanceof PackError || thrown?.code?.startsWith('ERR_PARSE_ARGS')
  if (!isUsage) throw thrown
  console.error(thrown.message)
  process.exitCode = 1
} finally {
  rmSync(stage, { recursive: true, force: true })
}
