import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import tls from 'node:tls'
import { tlsOptions } from './tls.ts'

let directory: string

const fileWith = (name: string, content: string) => {
  const file = path.join(directory, name)
  fs.writeFileSync(file, content)
  return file
}

beforeAll(() => {
  directory = fs.mkdtempSync(path.join(os.tmpdir(), 'mesh-tls-'))
})

afterAll(() => {
  fs.rmSync(directory, { recursive: true })
})

describe('tlsOptions', () => {
  it('verifies certificates, whatever else is set', () => {
    expect(tlsOptions({})).toEqual({ rejectUnauthorized: true })
  })

  it('trusts the given authorities besides those that Node trusts', () => {
    const own = tls.rootCertificates[0] ?? ''
    const { ca } = tlsOptions({ ca: fileWith('ca.pem', own) })
    expect(ca).toEqual([...tls.getCACertificates('default'), own])
  })

  it('names the setting and the file that is missing', () => {
    const missing = path.join(directory, 'nowhere.pem')
    expect(() => tlsOptions({ ca: missing })).toThrow(
      expect.objectContaining({
        code: 'MESH_CONFIG_INVALID',
        message: `bus.kafka.tls.ca: the file ${missing} can’t be read (ENOENT).`,
      }),
    )
  })

  it('refuses a certificate without its key', () => {
    const cert = fileWith('cert.pem', '')
    expect(() => tlsOptions({ cert })).toThrow('bus.kafka.tls: `cert` and `key` only go together.')
  })

  it('refuses files that hold no PEM, and shows nothing of them', () => {
    const [cert, key] = [fileWith('bad-cert.pem', 'no certificate'), fileWith('bad-key.pem', 'SECRET')]
    const thrown = (() => {
      try {
        tlsOptions({ cert, key })
      } catch (error) {
        return error as Error
      }
      return undefined
    })()
    expect(thrown).toMatchObject({ code: 'MESH_CONFIG_INVALID' })
    expect(thrown?.message).toContain('a file does not hold what it should as PEM')
    expect(thrown?.message).not.toContain('SECRET')
  })
})
