import fs from 'node:fs'
import path from 'node:path'
import { MeshError } from '@commerce-mesh/mesh'
import type { Terminal } from '../../terminal/terminal.ts'
import type { PublishedFile } from './baseline.ts'

/** Where the contracts package keeps what is published, within the repository. */
export const PUBLISHED = 'packages/contracts/published'

/** Whether the program runs from an installed package, where nothing is to be published into. */
export const isInstalled = ({ root }: Pick<Terminal, 'root'>): boolean =>
  root.split(path.sep).includes('node_modules')

/** The folder of what the contracts package has published: in the clone, or beside the installed package. */
export const publishedFolder = (terminal: Pick<Terminal, 'root'>): string =>
  isInstalled(terminal)
    ? path.join(terminal.root, '..', 'contracts', 'published')
    : path.join(terminal.root, PUBLISHED)

/** Every file below a folder; none where there is no folder. */
export const readFolder = (folder: string): readonly PublishedFile[] => {
  if (fs.statSync(folder, { throwIfNoEntry: false })?.isDirectory() !== true) return []
  return fs
    .readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.json'))
    .map(({ parentPath, name }) => {
      const file = path.join(parentPath, name)
      return {
        name: path.relative(folder, file).split(path.sep).join('/'),
        text: fs.readFileSync(file, 'utf8'),
      }
    })
}

/** Writes files below a folder. @throws MeshError MESH_DATA_NOT_WRITABLE */
export const writeFolder = (folder: string, files: readonly PublishedFile[]): void => {
  try {
    for (const { name, text } of files) {
      const file = path.join(folder, name)
      fs.mkdirSync(path.dirname(file), { recursive: true })
      fs.writeFileSync(file, text)
    }
  } catch (cause) {
    throw new MeshError('MESH_DATA_NOT_WRITABLE', `The contracts can't be written to ${folder}.`, {
      cause,
      action: 'Name a folder that you may write to by --to.',
    })
  }
}
