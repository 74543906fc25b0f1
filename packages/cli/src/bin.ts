#!/usr/bin/env node

// `mesh` where it is installed as a package. An older Node fails while it loads the rest, with words that help nobody.
const [major = 0, minor = 0] = process.versions.node.split('.').map(Number)
if (major > 24 || (major === 24 && minor >= 11)) {
  await import('./main.ts')
} else {
  process.stderr.write(
    `Commerce Mesh needs Node 24.11 or newer, and this is ${process.versions.node}.\n  Install it from https://nodejs.org and run the command again.\n`,
  )
  process.exitCode = 3
}
