import { execFileSync } from 'node:child_process'
import { UsageError } from '../../command/usage-error.ts'
import type { PublishedFile } from '../publish/baseline.ts'

const MOST_BYTES = 256 * 1024 * 1024

const git = (root: string, args: readonly string[], input?: string): Buffer =>
  execFileSync('git', [...args], {
    cwd: root,
    maxBuffer: MOST_BYTES,
    stdio: ['pipe', 'pipe', 'ignore'],
    ...(input !== undefined && { input }),
  })

const commitOf = (root: string, ref: string): string => {
  try {
    // A ref may look like an option; it is none.
    return git(root, ['rev-parse', '--verify', '--end-of-options', `${ref}^{commit}`])
      .toString()
      .trim()
  } catch {
    throw new UsageError(
      `--against '${ref}' is neither a folder nor a commit of this repository.`,
      'Fetch the branch first (a shallow clone holds only one commit), or name a folder of published contracts.',
    )
  }
}

/** Reads what `git cat-file --batch` prints: `<id> blob <size>`, the bytes, a line end; for each name asked for. */
const contentsOf = (batch: Buffer, names: readonly string[]): readonly PublishedFile[] => {
  let at = 0
  return names.map((name) => {
    const lineEnd = batch.indexOf('\n', at)
    const size = Number(batch.subarray(at, lineEnd).toString().split(' ').at(-1))
    const from = lineEnd + 1
    at = from + size + 1
    return { name, text: batch.subarray(from, from + size).toString('utf8') }
  })
}

/**
 * The files below a folder of a commit; none where the commit has no such folder. Nothing is checked out.
 *
 * @param root - a directory of the repository; the folder is relative to it.
 * @param ref - a branch, tag or commit.
 * @throws UsageError when there is no such commit, or no repository.
 */
export const readCommit = (root: string, folder: string, ref: string): readonly PublishedFile[] => {
  const commit = commitOf(root, ref)
  const listed = git(root, ['ls-tree', '-r', '-z', '--name-only', commit, '--', `${folder}/`])
  const files = listed
    .toString()
    .split('\0')
    .filter((file) => file.endsWith('.json'))
  if (files.length === 0) return []
  const batch = git(root, ['cat-file', '--batch'], files.map((file) => `${commit}:./${file}\n`).join(''))
  return contentsOf(
    batch,
    files.map((file) => file.slice(folder.length + 1)),
  )
}
