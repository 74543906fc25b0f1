import { cpSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { COMPILED, publishedManifest } from './manifest.mjs'

/** A package's manifest in the workspace. */
export const readManifest = (root, { folder }) =>
  JSON.parse(readFileSync(path.join(root, folder, 'package.json'), 'utf8'))

const copy = (from, to) => {
  mkdirSync(path.dirname(to), { recursive: true })
  cpSync(from, to, { recursive: true })
}

/** Lays out one compiled package in `out`, an empty folder or none: what `npm pack` takes as it is. */
export const assemble = (root, stage, entry, out) => {
  const home = path.join(root, entry.folder)
  copy(path.join(stage, entry.folder, 'src'), path.join(out, COMPILED))
  for (const asset of entry.assets ?? []) copy(path.join(home, 'src', asset), path.join(out, COMPILED, asset))
  for (const own of ['README.md', ...(entry.own ?? [])])
    if (existsSync(path.join(home, own))) copy(path.join(home, own), path.join(out, own))
  for (const shared of ['LICENSE', ...(entry.shared ?? [])])
    copy(path.join(root, shared), path.join(out, shared))
  const manifest = publishedManifest(readManifest(root, entry), entry)
  writeFileSync(path.join(out, 'package.json'), `${JSON.stringify(manifest, null, 2)}\n`)
}
