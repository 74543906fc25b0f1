import { statSync } from 'node:fs'
import { createRequire, registerHooks } from 'node:module'
import path from 'node:path'
import { pathToFileURL } from 'node:url'

/** What plugins share with the mesh that runs them: two copies would not know each other's errors. */
const OURS = /^@commerce-mesh\/(contracts|mesh|mesh\/plugin)$/

const PLUGIN = 'mesh-plugin:'

const isMissing = (thrown: unknown): boolean =>
  Error.isError(thrown) && 'code' in thrown && thrown.code === 'ERR_MODULE_NOT_FOUND'

const isBare = (specifier: string): boolean => /^[@a-z]/i.test(specifier) && !/^[a-z]+:/i.test(specifier)

const HERE = import.meta.url

/** The first error names the module that imports, be it a plugin's or any other of the process; one more would name us. */
const orElse = <T>(thrown: unknown, work: () => T): T => {
  try {
    return work()
  } catch {
    throw thrown
  }
}

let hooked = false

/**
 * Lets modules that are loaded from now on import the mesh's own packages from wherever they lie: a plugin is a file that needs
 * nothing around it. What they can't find themselves (zod) they get from the mesh too.
 */
const hook = (): void => {
  if (hooked) return
  hooked = true
  registerHooks({
    resolve: (specifier, context, next) => {
      if (OURS.test(specifier)) return next(specifier, { ...context, parentURL: HERE })
      if (specifier.startsWith(PLUGIN)) {
        const [name = '', parentURL = ''] = JSON.parse(
          decodeURIComponent(specifier.slice(PLUGIN.length)),
        ) as string[]
        return next(name, { ...context, parentURL })
      }
      try {
        return next(specifier, context)
      } catch (thrown) {
        if (!isMissing(thrown) || !isBare(specifier)) throw thrown
        return orElse(thrown, () => next(specifier, { ...context, parentURL: HERE }))
      }
    },
  })
}

const isPath = (name: string): boolean => name.startsWith('.') || path.isAbsolute(name)

const isDirectory = (file: string): boolean =>
  statSync(file, { throwIfNoEntry: false })?.isDirectory() === true

/** A folder is found by the `main` of its package.json. */
const fileOf = (file: string): string =>
  isDirectory(file) ? createRequire(pathToFileURL(`${file}/`)).resolve(file) : file

/** A script that was listed by mistake may end the process, and that with success: nothing of the configuration was checked then. */
const unlessEnded = async <T>(name: string, work: () => Promise<T>): Promise<T> => {
  const tell = (): void => {
    process.exitCode = 1
    process.stderr.write(
      `MESH_PLUGIN_LOAD ${name}: it ended the process while it was loaded.\n  Fix: A plugin only exports what it adds; take the call of process.exit out.\n`,
    )
  }
  process.once('exit', tell)
  try {
    return await work()
  } finally {
    process.off('exit', tell)
  }
}

/**
 * Imports a plugin's module.
 *
 * @param name - a file or folder, relative to `directory`, or the name of an installed package.
 * @param directory - absolute; where mesh.yaml lies.
 */
export const importPlugin = (name: string, directory: string): Promise<unknown> =>
  unlessEnded(name, async () => {
    hook()
    if (isPath(name)) return import(pathToFileURL(fileOf(path.resolve(directory, name))).href)
    const parent = pathToFileURL(path.join(directory, 'mesh.yaml')).href
    return import(PLUGIN + encodeURIComponent(JSON.stringify([name, parent])))
  })
