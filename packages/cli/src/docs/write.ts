import fs from 'node:fs'
import path from 'node:path'
import { generatedPages } from './pages.ts'

const root = path.resolve(import.meta.dirname, '../../../..')

for (const [file, text] of generatedPages(root)) {
  fs.writeFileSync(path.join(root, file), text)
  process.stdout.write(`${file}\n`)
}
