/** Folder of the compiled sources in a package; as deep as `src`, so that what they read above it is found. */
export const COMPILED = 'lib'

const OURS_ALONE = new Set(['private', 'scripts', 'devDependencies', 'publishConfig'])

/** Whether a target is compiled; declarations are there as they are. */
const isSource = (target) => target.endsWith('.ts') && !target.endsWith('.d.ts')

/** The sources that a package is entered by, from its folder; whatever these do not lead to stays at home: what tests use. */
export const entrySources = ({ exports = {} }, { bin = {}, threads = [] }) =>
  [...Object.values(exports), ...Object.values(bin), ...threads].filter(isSource)

/** Where the sources of a package's entries are, by the name that others import: `paths` of TypeScript. */
export const entryPaths = ({ name, exports = {} }, folder) =>
  Object.fromEntries(
    Object.entries(exports)
      .filter(([, target]) => isSource(target))
      .map(([entry, target]) => [`${name}${entry.slice(1)}`, [`${folder}${target.slice(1)}`]]),
  )

const compiled = (source) => source.replace(/^\.\/src\//, `./${COMPILED}/`).replace(/\.ts$/, '')

const entryOf = (target) => {
  if (isSource(target)) return { types: `${compiled(target)}.d.ts`, default: `${compiled(target)}.js` }
  return target.endsWith('.d.ts') ? { types: target } : target
}

const exportsOf = (exports) => ({
  ...Object.fromEntries(Object.entries(exports).map(([name, target]) => [name, entryOf(target)])),
  './package.json': './package.json',
})

const binOf = (bin) =>
  Object.fromEntries(Object.entries(bin).map(([name, target]) => [name, `${compiled(target)}.js`]))

/**
 * The manifest of a package as it is installed, made of the workspace's. npm rewrites neither `exports` nor `bin`, and what
 * works as a link in the workspace (TypeScript) does not work when installed.
 */
export const publishedManifest = (manifest, { node, bin }) => {
  const kept = Object.fromEntries(Object.entries(manifest).filter(([name]) => !OURS_ALONE.has(name)))
  return {
    ...kept,
    engines: { node },
    ...(bin === undefined ? {} : { bin: binOf(bin) }),
    exports: exportsOf(manifest.exports ?? {}),
  }
}
