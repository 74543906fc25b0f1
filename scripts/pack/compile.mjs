import { spawnSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import path from 'node:path'
import { PackError } from './pack-error.mjs'

// Our packages are looked up here and not in node_modules: what TypeScript finds by a link there counts as somebody else's and is
// not emitted, unless it was found on another way before, which is a race (TypeScript 7.0.2).
const project = (root, files, paths, stage, declaration) => ({
  extends: path.join(root, 'tsconfig.json'),
  compilerOptions: {
    noEmit: false,
    declaration,
    rootDir: root,
    outDir: stage,
    paths,
    typeRoots: [path.join(root, 'node_modules/@types')],
  },
  files: files.map((file) => path.join(root, file)),
  include: [],
})

/**
 * Compiles `files`, and whatever they import, into `stage`, which gets the repository's folders. One run for many packages: each
 * reads the sources of those that it imports anyway. `paths` says where the sources of our packages are.
 *
 * @throws PackError when TypeScript refuses them; it has said why by then.
 */
export const compile = (root, files, paths, stage, { declaration }) => {
  if (files.length === 0) return
  const file = path.join(stage, `tsconfig.${declaration ? 'library' : 'program'}.json`)
  writeFileSync(file, JSON.stringify(project(root, files, paths, stage, declaration)))
  const typescript = createRequire(path.join(root, 'package.json')).resolve('typescript/package.json')
  const tsc = path.join(path.dirname(typescript), 'bin/tsc')
  const { status } = spawnSync(process.execPath, [tsc, '-p', file, '--pretty', 'false'], {
    cwd: root,
    stdio: ['ignore', process.stderr, process.stderr],
  })
  if (status !== 0)
    throw new PackError(
      'TypeScript refuses the sources, so that no package was made.',
      'Mend what it names above.',
    )
}
