import { afterEach, describe, expect, it, jest } from '@jest/globals'
import { postedV2, serviceOf, stamped, takes } from '../routes/letter.fixture.ts'
import { loadPlugins } from './load.ts'

const pluginOf = (name: string, more: object = {}) => ({
  default: {
    name,
    runtime: '0.1',
    services: [serviceOf(name, [takes(postedV2, 'sort', { emits: [] })])],
    ...more,
  },
})

const failing = (thrown: unknown) => Promise.reject(thrown as Error)

const missing = (message: string) => Object.assign(new Error(message), { code: 'ERR_MODULE_NOT_FOUND' })

const MODULES: Readonly<Record<string, () => Promise<unknown>>> = {
  './one.js': async () => pluginOf('one'),
  './two.js': async () => pluginOf('two', { contracts: [postedV2] }),
  './two-again.js': async () => pluginOf('three', { contracts: [postedV2] }),
  './ours.js': async () => pluginOf('payments'),
  './callers.js': async () => pluginOf('callers'),
  './letters.js': async () => pluginOf('dead-letters'),
  './drawers.js': async () =>
    pluginOf('drawers', {
      services: [
        serviceOf('drawers', [takes(postedV2, 'sort', { emits: [] })], {
          collections: [{ name: 'payments', indexes: {} }],
        }),
      ],
    }),
  './empty.js': async () => ({}),
  './shelf.js': async () => pluginOf('shelf', { services: [serviceOf('shelf-a', [takes(stamped, 'file')])] }),
  './gone.js': () =>
    failing(missing("Cannot find module '/x/gone.js' imported from /mesh/src/plugin/resolve.ts")),
  './throws.js': () => failing(new TypeError('no template.\nsecond line')),
  './text.js': () => failing('no template.'),
  './nothing.js': () => failing(undefined),
  './waits.js': () => new Promise(() => {}),
}

const ours = { name: 'payments', collections: [{ name: 'callers', indexes: {} }] }

const load = (...names: readonly (string | undefined)[]) =>
  loadPlugins(names, '/x', { services: [ours], sources: ['stripe'] }, async (name) => MODULES[name]?.())

const problemsOf = async (...names: readonly (string | undefined)[]) =>
  (await load(...names)).problems.map(({ code, path, message }) => `${code} ${path.join('.')} ${message}`)

afterEach(() => void jest.useRealTimers())

describe('plugins', () => {
  it('are loaded in their order, with what each brings and where it is listed', async () => {
    const { plugins, services, contracts, sources, problems, origins } = await load('./one.js', './two.js')
    expect(plugins.map(({ name }) => name)).toEqual(['one', 'two'])
    expect(services.map(({ name }) => name)).toEqual(['one', 'two'])
    expect([contracts.map(({ type }) => type), sources, problems]).toEqual([['letter.posted.v2'], [], []])
    expect([...origins]).toEqual([
      ['services.one', 0],
      ['services.two', 1],
    ])
  })

  it('do not keep each other from being loaded, and stand where the file lists them', async () => {
    const { services, problems, origins } = await load('./empty.js', undefined, './one.js', './gone.js')
    expect(services.map(({ name }) => name)).toEqual(['one'])
    expect(problems.map(({ path }) => path)).toEqual([
      ['plugins', 0],
      ['plugins', 3],
    ])
    expect(origins.get('services.one')).toBe(2)
  })

  it.each([
    ['./gone.js', "MESH_PLUGIN_LOAD plugins.0 ./gone.js: Cannot find module '/x/gone.js'."],
    [
      './throws.js',
      'MESH_PLUGIN_LOAD plugins.0 ./throws.js: it failed while it was loaded: TypeError: no template.',
    ],
    [
      './text.js',
      "MESH_PLUGIN_LOAD plugins.0 ./text.js: it failed while it was loaded: it threw 'no template.'.",
    ],
    [
      './nothing.js',
      "MESH_PLUGIN_LOAD plugins.0 ./nothing.js: it failed while it was loaded: it threw 'undefined'.",
    ],
    ['./empty.js', 'MESH_PLUGIN_EMPTY plugins.0 ./empty.js: it has no default export.'],
    ['./ours.js', 'MESH_PLUGIN_CLASH plugins.0 ./ours.js: there is a service payments already.'],
    ['./callers.js', 'MESH_PLUGIN_CLASH plugins.0 ./callers.js: there is a collection callers already.'],
    ['./letters.js', 'MESH_PLUGIN_CLASH plugins.0 ./letters.js: there is a collection dead-letters already.'],
    ['./drawers.js', 'MESH_PLUGIN_CLASH plugins.0 ./drawers.js: there is a collection payments already.'],
  ])('that fail are told with the reason: %s', async (name, expected) =>
    expect(await problemsOf(name)).toEqual([expected]),
  )

  it('may not take what an earlier one has taken', async () => {
    expect(await problemsOf('./one.js', './one.js')).toEqual([
      'MESH_PLUGIN_CLASH plugins.1 ./one.js: there is a service one already.',
    ])
    expect(await problemsOf('./two.js', './two-again.js')).toEqual([
      'MESH_PLUGIN_CLASH plugins.1 ./two-again.js: there is a contract letter.posted.v2 already.',
    ])
  })

  it('that fail take no names', async () =>
    expect((await load('./ours.js', './shelf.js')).services.map(({ name }) => name)).toEqual(['shelf-a']))

  it('that wait for ever are given up', async () => {
    jest.useFakeTimers()
    const loading = problemsOf('./waits.js', './one.js')
    await jest.advanceTimersByTimeAsync(10_000)
    expect(await loading).toEqual([
      'MESH_PLUGIN_LOAD plugins.0 ./waits.js: it failed while it was loaded: Error: it is not there after 10 seconds: something at its top level waits.',
    ])
  })
})
