import { chmodSync, mkdtempSync, readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { describe, expect, it } from '@jest/globals'
import { keyHashOf, openSecrets, operatorKeyFile, readSecrets } from './secrets.ts'

const directory = () => path.join(mkdtempSync(path.join(tmpdir(), 'mesh-secrets-')), 'data')
const modeOf = (file: string) => (statSync(file).mode & 0o777).toString(8)

describe('openSecrets', () => {
  it('makes them once, for the owner alone', () => {
    const data = directory()
    const made = openSecrets(data)
    expect(made).toMatchObject({
      operatorKey: expect.stringMatching(/^mesh_[\w-]{43}$/),
      stripeWebhookSecret: expect.stringMatching(/^whsec_/),
    })
    expect(openSecrets(data)).toEqual(made)
    expect(readSecrets(data)).toEqual(made)
    expect([modeOf(data), modeOf(path.join(data, 'secrets.json')), modeOf(operatorKeyFile(data))]).toEqual([
      '700',
      '600',
      '600',
    ])
    expect(readFileSync(operatorKeyFile(data), 'utf8').trim()).toBe(made.operatorKey)
    expect(readdirSync(data).toSorted()).toEqual(['operator.key', 'secrets.json'])
  })

  it('makes others elsewhere', () =>
    expect(openSecrets(directory()).operatorKey).not.toBe(openSecrets(directory()).operatorKey))

  it('says so when the file is damaged, and does not replace it', () => {
    const data = directory()
    openSecrets(data)
    writeFileSync(path.join(data, 'secrets.json'), '{"operatorKey":')
    expect(() => openSecrets(data)).toThrow(/is damaged/)
    expect(readFileSync(path.join(data, 'secrets.json'), 'utf8')).toBe('{"operatorKey":')
  })

  it('says so when the place is a file', () => {
    const data = directory()
    writeFileSync(data, '')
    chmodSync(data, 0o600)
    expect(() => openSecrets(data)).toThrow(expect.objectContaining({ code: 'MESH_DATA_NOT_WRITABLE' }))
  })
})

describe('keyHashOf', () => {
  it('is SHA-256 in hex', () =>
    expect(keyHashOf('abc')).toBe('ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad'))
})
