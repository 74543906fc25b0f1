import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { wantedInstrumentations } from './preload.ts'

let directory: string
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'mesh-preload-'))
})
afterEach(() => rmSync(directory, { recursive: true }))

const write = (name: string, text: string) => writeFileSync(join(directory, name), text)
const wanted = (...argv: string[]) => wantedInstrumentations(['node', 'main.ts', ...argv], directory)

describe('what the preload reads', () => {
  it('is mesh.yaml, or the file that --config names', () => {
    write('mesh.yaml', 'telemetry: { instrumentations: [dns] }')
    write('other.yaml', 'telemetry: { instrumentations: [mongodb, net] }')
    expect(wanted('up')).toEqual(['dns'])
    expect(wanted('up', '--config', 'other.yaml')).toEqual(['mongodb', 'net'])
    expect(wanted('run', 'payments', '--config=other.yaml')).toEqual(['mongodb', 'net'])
    expect(wanted('up', '--config', join(directory, 'other.yaml'))).toEqual(['mongodb', 'net'])
  })

  it.each([
    ['no file', undefined],
    ['no YAML', '{{{'],
    ['an empty file', ''],
    ['no such setting', 'data: ./x'],
    ['another type', 'telemetry: { instrumentations: dns }'],
    [
      'names that are refused, unknown or none',
      'telemetry: { instrumentations: [express, nonsense, 1, null] }',
    ],
  ])('is nothing where there is %s: whoever starts the mesh complains', (_, text) => {
    if (text !== undefined) write('mesh.yaml', text)
    expect(wanted('up')).toEqual([])
  })
})
