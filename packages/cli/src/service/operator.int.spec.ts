import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { defaultConfig } from '@commerce-mesh/mesh'
import { describe, expect, it } from '@jest/globals'
import { localOperator } from './operator.ts'

/** A gateway on engines elsewhere, whose data directory is a file. */
const configOf = (gateway: Record<string, unknown>) => {
  const data = path.join(mkdtempSync(path.join(tmpdir(), 'mesh-operator-')), 'data')
  writeFileSync(data, '')
  return { ...defaultConfig(), data, store: { driver: 'mongodb' as const }, services: { gateway } }
}

describe('localOperator', () => {
  it('refuses to start a gateway that nobody could call', () => {
    expect(() => localOperator(configOf({}))).toThrow(
      expect.objectContaining({
        code: 'MESH_DATA_NOT_WRITABLE',
        message: expect.stringContaining('Nobody could call this gateway'),
        action: expect.stringContaining('services.gateway.callers'),
      }),
    )
  })

  it.each([
    ['callers', { callers: [{ name: 'shop', keyHash: 'x', scopes: [] }] }],
    ['tokens of the LMS', { jwt: { jwks: 'https://lms.example.org/jwks.json' } }],
    ['signed webhooks', { stripe: { secrets: ['whsec_0123456789'] } }],
  ])('needs no key of its own where it has %s', (_name, gateway) => {
    const config = configOf(gateway)
    expect(localOperator(config).config).toBe(config)
  })

  it('keeps a key where it can, and gives the directory back', () => {
    const config = { ...configOf({}), data: mkdtempSync(path.join(tmpdir(), 'mesh-operator-')) }
    const first = localOperator(config)
    expect(first.config.services['gateway']).toMatchObject({ callers: [{ name: 'operator' }] })
    expect(() => localOperator(config)).toThrow(/Nobody could call this gateway.*in use/)
    first.close()
    localOperator(config).close()
  })
})
