import { readFileSync } from 'node:fs'
import { createRequire, isBuiltin } from 'node:module'
import path from 'node:path'
import { parse } from 'yaml'
import { isAllowed } from './known.ts'
import { noteLoaded } from './loaded.ts'

/** An instrumentation: a class whose making puts its hooks in place. Its modules have no public name. */
type Instrumentation = new () => { readonly _modules?: readonly { readonly name: string }[] }

/** The configuration file as `mesh` finds it: `--config FILE`, or else ./mesh.yaml. */
const configFile = (argv: readonly string[]): string => {
  const at = argv.findIndex((word) => word === '--config' || word.startsWith('--config='))
  const word = argv[at] ?? ''
  return (word === '--config' ? argv[at + 1] : word.slice('--config='.length)) || 'mesh.yaml'
}

/** What the file asks for. Whatever is wrong with the file is said by whoever reads it to start the mesh. */
export const wantedInstrumentations = (argv: readonly string[], directory: string): readonly string[] => {
  try {
    const settings: unknown = parse(readFileSync(path.resolve(directory, configFile(argv)), 'utf8'))
    const names: unknown = (settings as { telemetry?: { instrumentations?: unknown } } | null)?.telemetry
      ?.instrumentations
    return Array.isArray(names) ? names.filter((name) => typeof name === 'string' && isAllowed(name)) : []
  } catch {
    return []
  }
}

// Only the packages that are wanted: all of them together cost seconds. They are imported and not required, since
// OpenTelemetry's API exists twice, and what is required would ask the other one for its tracer.
const instrumentationOf = async (name: string): Promise<Instrumentation> => {
  const exported = (await import(`@opentelemetry/instrumentation-${name}`)) as Record<string, unknown>
  const found = Object.entries(exported).find(
    ([key, value]) => key.endsWith('Instrumentation') && typeof value === 'function',
  )
  if (found === undefined) throw new TypeError(`There is no instrumentation in the package of '${name}'.`)
  return found[1] as Instrumentation
}

/**
 * Puts instrumentations in place before anything else is loaded. They send nothing by themselves: their spans go where
 * the mesh sends its own, once it has started.
 */
export const putInPlace = async (names: readonly string[]): Promise<void> => {
  noteLoaded(names)
  if (names.length === 0) return
  const kinds = await Promise.all(names.map(instrumentationOf))
  const made = kinds.map((Kind) => new Kind())
  const include = made.flatMap(({ _modules = [] }) => _modules.map(({ name }) => name))
  const { register } = await import('import-in-the-middle/register-hooks.mjs')
  register({ include })
  const load = createRequire(import.meta.url)
  // Node uses its own modules without anybody asking for them, and they are patched when somebody does.
  for (const name of include.filter((wanted) => isBuiltin(wanted))) load(name)
}
