import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { describe, expect, it } from '@jest/globals'
import { createInput } from '../command/input.ts'
import { PLAIN } from '../terminal/paint.ts'
import type { Terminal } from '../terminal/terminal.ts'
import { addressOf, isSameHost, withoutCredentials } from './address.ts'
import { findRunning } from './running-mesh.ts'

describe('addressOf', () => {
  it.each(['foo', 'ftp://x', '127.0.0.1:8080', 'http://'])('refuses %s', (text) =>
    expect(() => addressOf(text, '--url')).toThrow(/--url must be an address/),
  )

  it('refuses credentials, and repeats none', () => {
    expect(() => addressOf('http://u:hidden@h', '--url')).toThrow(/^(?!.*hidden).*no user name/)
    expect(() => addressOf('ftp://u:hidden@h', '--url')).toThrow(/^(?!.*hidden)/)
    expect(withoutCredentials('https://u:p@lms.example.org/x@y')).toBe('https://lms.example.org/x@y')
  })

  it('takes names of this machine for one host', () => {
    expect(isSameHost('http://localhost:1', 'http://127.0.0.1:1')).toBe(true)
    expect(isSameHost('http://localhost:2', 'http://127.0.0.1:1')).toBe(false)
    expect(isSameHost('http://a:1', undefined)).toBe(false)
  })
})

describe('findRunning', () => {
  const data = mkdtempSync(path.join(tmpdir(), 'mesh-address-'))
  writeFileSync(path.join(data, 'operator.key'), 'mesh_secret\n')
  writeFileSync(
    path.join(data, 'owner.json'),
    JSON.stringify({ pid: process.pid, startedAt: 'x', url: 'http://127.0.0.1:8080' }),
  )
  const keyFor = (url: string, env: Record<string, string> = {}) => {
    const terminal: Terminal = {
      out: () => {},
      write: async () => {},
      note: () => {},
      paint: PLAIN,
      notePaint: PLAIN,
      isInteractive: false,
      env,
      directory: data,
      root: '/',
      program: 'mesh',
      stdin: async () => '',
      input: async function* () {},
      now: () => new Date(),
    }
    return findRunning(createInput({}, { url }), terminal, data)?.key
  }

  it('sends the operator’s key only to the mesh of that data directory', () => {
    expect(keyFor('http://localhost:8080/')).toBe('mesh_secret')
    expect(keyFor('http://127.0.0.1:9999')).toBeUndefined()
    expect(keyFor('http://example.org:8080')).toBeUndefined()
    expect(keyFor('http://example.org:8080', { MESH_API_KEY: 'own' })).toBe('own')
  })
})
