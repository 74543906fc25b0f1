import { execFileSync } from 'node:child_process'
import { cpSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { PUBLISHED } from '../publish/folder.ts'

/** A clone's root: of this repository. */
export const ROOT = path.resolve(import.meta.dirname, '../../../../..')

/** An empty directory. */
export const emptyDirectory = (): string => mkdtempSync(path.join(tmpdir(), 'mesh-published-'))

/** A directory that looks like the root of a clone, with what this repository has published. */
export const cloneWithPublished = (): string => {
  const root = emptyDirectory()
  cpSync(path.join(ROOT, PUBLISHED), path.join(root, PUBLISHED), { recursive: true })
  return root
}

/** Rewrites a published file. */
export const rewrite = (root: string, name: string, change: (text: string) => string): void => {
  const file = path.join(root, PUBLISHED, name)
  writeFileSync(file, change(readFileSync(file, 'utf8')))
}

/** Runs git in a repository of a test; the machine's own configuration does not count. */
export const git = (root: string, ...args: readonly string[]): string =>
  execFileSync('git', [...args], {
    cwd: root,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      PATH: process.env['PATH'],
      HOME: root,
      GIT_CONFIG_NOSYSTEM: '1',
      GIT_AUTHOR_NAME: 'a',
      GIT_AUTHOR_EMAIL: 'a@b.example',
      GIT_COMMITTER_NAME: 'a',
      GIT_COMMITTER_EMAIL: 'a@b.example',
    },
  })

/** Commits everything. */
export const commitAll = (root: string, message: string): void => {
  git(root, 'add', '--all')
  git(root, 'commit', '--quiet', '--message', message)
}
