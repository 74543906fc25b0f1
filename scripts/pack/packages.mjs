// What is published, with what the manifests of the workspace do not say: there, everything runs from its sources.

/** Node on which the runtime works: `node:sqlite` as it needs it. */
const RUNTIME = '>=24.11'

/** Pages and samples that messages of the command line name. */
const NAMED_BY_MESSAGES = [
  'docs/configuration.md',
  'docs/distributed.md',
  'docs/errors.md',
  'docs/changing-a-contract.md',
  'docs/plugins.md',
  'docs/routes.md',
  'docs/mesh.schema.json',
  'docs/telemetry.md',
  'examples/mesh.yaml',
  'examples/order.json',
]

/**
 * Folder in the repository; Node that it needs; and, where there is any, `bin` as npm knows it, `threads` that no import
 * leads to, `assets` that its sources read beside themselves, and what else it carries: `own` from its folder (where it is
 * there), `shared` from the root. A package with light entries says the Node that these need, since npm would warn of nothing
 * else.
 */
export const PACKAGES = [
  { folder: 'packages/contracts', node: '>=20', own: ['generated', 'published'] },
  { folder: 'packages/mesh', node: '>=20', threads: ['./src/sqlite/writer.ts'] },
  { folder: 'packages/testing', node: '>=20' },
  { folder: 'services/fulfillment', node: RUNTIME },
  { folder: 'services/gateway', node: RUNTIME },
  { folder: 'services/payments', node: RUNTIME },
  {
    folder: 'packages/cli',
    node: RUNTIME,
    bin: { mesh: './src/bin.ts' },
    assets: ['plugin/template'],
    shared: NAMED_BY_MESSAGES,
  },
]

/** `contracts`, as it is called on the command line. */
export const shortName = ({ folder }) => folder.slice(folder.lastIndexOf('/') + 1)
