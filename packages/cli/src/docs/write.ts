import fs from 'node:fs'
import path from 'node:path'
import { generatedPages } from './pages.ts'

const root = path.resolve(import.meta.dirname, '../../../..')

for (const [file, text] of generatedPages(root)) {
  const place = path.join(root, file)
  fs.mkdirSync(path.dirname(place), { recursive: true })
  fs.writeFileSync(place, text)
  process.stdout.write(`${file}\n`)
}
