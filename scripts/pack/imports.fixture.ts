import { readFileSync } from 'node:fs'
import path from 'node:path'
import type { VendorFolder } from './vendor-folder.fixture.ts'

const IMPORT = /^(?:import|export)\b(?:[\w\s{},*$]*?\bfrom\b)?\s*'([^']+)'|\bimport\('([^']+)'\)/gm

/** What compiled JavaScript imports, as it is written there; what only its comments mention is left out. */
export const importsOf = (file: string): readonly string[] => {
  const code = readFileSync(file, 'utf8').replaceAll(/\/\*[^]*?\*\/|^\s*\/\/.*$/gm, '')
  return [...code.matchAll(IMPORT)].map(([, stated, called]) => stated ?? called ?? '')
}

/** `zod` of `zod/mini`, `@shop/parcel` of `@shop/parcel/light`. */
export const packageOf = (specifier: string): string =>
  specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/')

const entryFile = (vendor: VendorFolder, specifier: string): string | undefined => {
  const name = packageOf(specifier)
  const target = vendor.manifests.get(name)?.exports[`.${specifier.slice(name.length)}`]
  return typeof target === 'object' ? path.join(vendor.home(name), target.default) : undefined
}

/**
 * Everything beyond our own packages that importing one of their entries loads or could load: `node:` modules and packages.
 *
 * @throws TypeError when one of our packages has no such entry.
 */
export const reachedFrom = (vendor: VendorFolder, specifier: string): ReadonlySet<string> => {
  const outside = new Set<string>()
  const seen = new Set<string>()
  const visit = (file: string) => {
    if (seen.has(file)) return
    seen.add(file)
    for (const imported of importsOf(file)) {
      const entry = entryFile(vendor, imported)
      if (imported.startsWith('.')) visit(path.resolve(path.dirname(file), imported))
      else if (entry === undefined) outside.add(imported)
      else visit(entry)
    }
  }
  const start = entryFile(vendor, specifier)
  if (start === undefined) throw new TypeError(`No package has the entry ${specifier}.`)
  visit(start)
  return outside
}
