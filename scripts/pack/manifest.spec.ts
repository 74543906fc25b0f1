import { describe, expect, it } from '@jest/globals'

type Manifest = Readonly<Record<string, unknown>>
type Entry = {
  readonly node: string
  readonly bin?: Readonly<Record<string, string>>
  readonly threads?: readonly string[]
}
type Module = {
  publishedManifest(manifest: Manifest, entry: Entry): Manifest
  entryPaths(manifest: Manifest, folder: string): Readonly<Record<string, readonly string[]>>
  entrySources(manifest: Manifest, entry: Entry): readonly string[]
}
const file: string = './manifest.mjs'
const { entryPaths, entrySources, publishedManifest } = (await import(file)) as Module

const workspace = {
  name: '@shop/parcel',
  version: '1.2.3',
  private: true,
  type: 'module',
  exports: { '.': './src/index.ts', './light': './src/light/index.ts', './samples/*': './samples/*' },
  scripts: { build: 'make' },
  dependencies: { '@shop/box': '1.2.3' },
  devDependencies: { tape: '4.5.6' },
}

describe('the manifest of a package', () => {
  it('points at what was compiled, and keeps what an installed package needs', () => {
    expect(publishedManifest(workspace, { node: '>=20' })).toEqual({
      name: '@shop/parcel',
      version: '1.2.3',
      type: 'module',
      engines: { node: '>=20' },
      exports: {
        '.': { types: './lib/index.d.ts', default: './lib/index.js' },
        './light': { types: './lib/light/index.d.ts', default: './lib/light/index.js' },
        './samples/*': './samples/*',
        './package.json': './package.json',
      },
      dependencies: { '@shop/box': '1.2.3' },
    })
  })

  it('names the programs of a package that nobody imports', () => {
    const { exports: _none, ...program } = workspace
    expect(publishedManifest(program, { node: '>=24', bin: { parcel: './src/bin.ts' } })).toMatchObject({
      bin: { parcel: './lib/bin.js' },
      exports: { './package.json': './package.json' },
    })
  })
})

describe('the sources that are compiled', () => {
  it('are those that a package is entered by', () => {
    expect(entrySources(workspace, { node: '>=20', threads: ['./src/thread.ts'] })).toEqual([
      './src/index.ts',
      './src/light/index.ts',
      './src/thread.ts',
    ])
    expect(entryPaths(workspace, '/clone/packages/parcel')).toEqual({
      '@shop/parcel': ['/clone/packages/parcel/src/index.ts'],
      '@shop/parcel/light': ['/clone/packages/parcel/src/light/index.ts'],
    })
    expect(entrySources({}, { node: '>=20', bin: { parcel: './src/bin.ts' } })).toEqual(['./src/bin.ts'])
  })
})
