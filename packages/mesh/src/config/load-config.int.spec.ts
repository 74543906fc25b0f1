import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { describe, expect, it } from '@jest/globals'
import { z } from 'zod'
import { ConfigError, loadConfig, readConfig } from './load-config.ts'

const options = { services: [], env: {}, directory: mkdtempSync(path.join(tmpdir(), 'mesh-config-')) }
const write = (name: string, content: string | Uint8Array) => {
  const file = path.join(options.directory, name)
  writeFileSync(file, content)
  return file
}

describe('loadConfig', () => {
  it('gives the defaults where there is no mesh.yaml, and the file where there is one', () => {
    expect(loadConfig(undefined, options)).toMatchObject({ config: { graceMs: 10_000 }, warnings: [] })
    write('mesh.yaml', 'graceMs: 30000\n')
    expect(loadConfig(undefined, options)).toMatchObject({
      config: { graceMs: 30_000 },
      file: path.join(options.directory, 'mesh.yaml'),
    })
  })

  it('reads a file with a byte order mark and CRLF', () => {
    write('windows.yaml', '\uFEFFdata: x\r\ngraceMs: 40000\r\n')
    expect(loadConfig('windows.yaml', options).config).toMatchObject({ data: 'x', graceMs: 40_000 })
  })

  it('throws what it found, all of it', () => {
    write('broken.yaml', 'graceM: 1\ndata: 1\n')
    const thrown = (() => {
      try {
        return loadConfig('broken.yaml', options)
      } catch (error) {
        return error
      }
    })()
    expect(thrown).toBeInstanceOf(ConfigError)
    expect(thrown).toMatchObject({ code: 'MESH_CONFIG_INVALID', findings: [{ line: 1 }, { line: 2 }] })
    expect((thrown as ConfigError).message).toContain('broken.yaml:1:1 error MESH_CONFIG_UNKNOWN_KEY')
  })

  it.each([
    ['a file that is not there', () => 'none.yaml', /no such file/],
    ['a directory', () => (mkdirSync(path.join(options.directory, 'dir')), 'dir'), /is a directory/],
    [
      'Latin-1',
      () => path.basename(write('latin.yaml', Uint8Array.from([0x64, 0x3a, 0x20, 0xe9]))),
      /not UTF-8/,
    ],
  ])('says of %s that it can’t be read', (_what, file, why) => {
    expect(readConfig(file(), options).findings).toMatchObject([
      { code: 'MESH_CONFIG_UNREADABLE', message: expect.stringMatching(why) },
    ])
  })

  it('takes no fault of a schema for one of the file', () => {
    write('fine.yaml', 'services: { hasty: {} }\n')
    const hasty = {
      name: 'hasty',
      options: z.unknown().transform(() => {
        throw new RangeError('no')
      }),
    }
    expect(() => readConfig('fine.yaml', { ...options, services: [hasty] })).toThrow(RangeError)
  })
})
