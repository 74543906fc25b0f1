import { existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { EXIT } from '../command/exit-code.ts'
import type { ExitCode } from '../command/exit-code.ts'
import type { Input } from '../command/input.ts'
import { UsageError } from '../command/usage-error.ts'
import { shortPath } from '../data/place.ts'
import { SERVICES } from '../services.ts'
import { quoted } from '../terminal/call.ts'
import type { Terminal } from '../terminal/terminal.ts'

const TEMPLATE = path.join(import.meta.dirname, 'template')

/** The plugin that the template is; its name stands wherever the new one's has to. */
const PLACEHOLDER = 'your-plugin'

/** npm leaves a file of the right name out of packages, so it has another one in the template. */
const RENAMED: Readonly<Record<string, string>> = { gitignore: '.gitignore' }

const nameOf = (input: Input): string => {
  const name = input.argument('NAME')
  if (SERVICES.some((service) => service.name === name))
    throw new UsageError(
      `'${name}' is a service of the mesh's own, and a plugin's service is named like the plugin.`,
      `Example: mesh plugin new our-${name}`,
    )
  if (/^[a-z]+(-[a-z]+)*$/.test(name) && name.length <= 40) return name
  throw new UsageError(
    `A plugin's name has lower-case letters and dashes, at most 40; it is '${name}'.`,
    'Example: mesh plugin new certificates',
  )
}

/** Tarballs of our packages in a folder, as npm takes them, by the package's name. @throws UsageError */
const packagesIn = (directory: string): Readonly<Record<string, string>> => {
  const files = existsSync(directory) ? readdirSync(directory) : []
  return Object.fromEntries(
    ['contracts', 'mesh', 'testing'].map((name) => {
      const file = files.find((one) => one.startsWith(`commerce-mesh-${name}-`) && one.endsWith('.tgz'))
      if (file === undefined)
        throw new UsageError(
          `There is no package of @commerce-mesh/${name} in ${directory}.`,
          'In a checkout of the mesh, `npm run pack -- --out DIR` makes them.',
        )
      return [`@commerce-mesh/${name}`, `file:${path.join(directory, file)}`]
    }),
  )
}

const withPackages = (manifest: string, packages: Readonly<Record<string, string>>): string => {
  const parsed = JSON.parse(manifest) as { devDependencies: Record<string, string> }
  return `${JSON.stringify({ ...parsed, devDependencies: { ...parsed.devDependencies, ...packages } }, undefined, 2)}\n`
}

/** `mesh plugin new`. @throws UsageError */
export const newPlugin = async (input: Input, terminal: Terminal): Promise<ExitCode> => {
  const name = nameOf(input)
  const target = path.resolve(terminal.directory, input.text('dir') ?? name)
  if (existsSync(target) && readdirSync(target).length > 0)
    throw new UsageError(
      `${shortPath(target, terminal)} is there already, and is not empty.`,
      'Name another folder with --dir.',
    )
  const named = input.text('packages')
  const packages = named === undefined ? {} : packagesIn(path.resolve(terminal.directory, named))
  mkdirSync(target, { recursive: true })
  for (const file of readdirSync(TEMPLATE)) {
    const text = readFileSync(path.join(TEMPLATE, file), 'utf8').replaceAll(PLACEHOLDER, name)
    const whole = file === 'package.json' ? withPackages(text, packages) : text
    writeFileSync(path.join(target, RENAMED[file] ?? file), whole)
    terminal.out(shortPath(path.join(target, RENAMED[file] ?? file), terminal))
  }
  const call = (words: string) => `${terminal.program} ${words}`
  const folder = quoted(shortPath(target, terminal))
  for (const line of [
    '',
    terminal.paint.bold('Next'),
    `  cd ${folder} && npm install && npm test`,
    ...(named === undefined
      ? [
          '  (npm needs the packages of the mesh: `npm run pack -- --out DIR` in its checkout makes them; then --packages DIR)',
        ]
      : []),
    '  export LMS_CLIENT_SECRET=mesh-secret',
    `  ${call(`validate --config ${quoted(shortPath(path.join(target, 'mesh.yaml'), terminal))}`)}`,
    `  ${call(`up --demo --config ${quoted(shortPath(path.join(target, 'mesh.yaml'), terminal))}`)}`,
  ])
    terminal.out(line)
  return EXIT.ok
}
