// One lint command: rules (with types), format, dead code. Every part runs, so that one run shows everything.
import { spawnSync } from 'node:child_process'

const parts = [
  ['rules', ['node_modules/oxlint/bin/oxlint', '--deny-warnings']],
  ['format', ['node_modules/oxfmt/bin/oxfmt', '--check']],
  ['dead code', ['node_modules/knip/bin/knip.js']],
]
const failed = parts.filter(
  ([, args]) => spawnSync(process.execPath, args, { stdio: 'inherit' }).status !== 0,
)
if (failed.length > 0) {
  console.error(
    `lint: ${failed.map(([name]) => name).join(', ')} failed. \`npm run format\` mends the format.`,
  )
  process.exit(1)
}
