import type { Command } from '../command/command.ts'

/** `mesh plugin new`. */
export const pluginNew: Command = {
  words: ['plugin', 'new'],
  summary: 'Write a working plugin with its test, to start from',
  details: [
    'One file, plugin.js, holds an event, a handler and a service of their own; beside it a test, a mesh.yaml that loads it and a README. docs/plugins.md explains each part.',
    'The plugin runs as it is: the mesh lends it its own packages. Only its test needs them installed; --packages names the folder that `npm run pack` has filled.',
  ],
  args: [{ name: 'NAME', about: 'Name of the plugin and its service: lower-case letters and dashes.' }],
  flags: {
    dir: { type: 'string', value: 'DIR', about: 'Folder to write to. Default: NAME.' },
    packages: {
      type: 'string',
      value: 'DIR',
      about: 'Folder with the tarballs of the mesh’s packages, for package.json.',
    },
  },
  examples: [
    { line: 'mesh plugin new certificates', does: 'A folder certificates/ with a plugin that works' },
    {
      line: 'mesh plugin new certificates --packages dist/packages',
      does: 'With the packages that its test needs',
    },
  ],
  run: async (input, terminal) => (await import('../plugin/new.ts')).newPlugin(input, terminal),
}
