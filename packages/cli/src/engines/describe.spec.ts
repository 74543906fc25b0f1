import { describe, expect, it } from '@jest/globals'
import { defaultConfig } from '@commerce-mesh/mesh'
import { describeStore } from './describe.ts'

const storeAt = (url: string) =>
  describeStore({
    ...defaultConfig(),
    store: { driver: 'mongodb', mongodb: { url, database: 'shop', timeoutMs: 5_000 } },
  })

describe('describeStore', () => {
  it.each([
    ['mongodb://db:27017/?replicaSet=mesh', 'mongodb://db:27017'],
    ['mongodb://mesh:hidden@a:1,b:2,[::1]:3/admin?tls=true', 'mongodb://a:1,b:2,[::1]:3'],
    ['mongodb+srv://mesh:hidden@db.example.net', 'mongodb+srv://db.example.net'],
    ['mongodb://db/?tls=true&tlsCertificateKeyFilePassword=hidden', 'mongodb://db'],
    ['mongodb://db?proxyPassword=hidden', 'mongodb://db'],
    ['mongodb://db/?authMechanismProperties=AWS_SESSION_TOKEN:hidden@x', 'mongodb://db'],
    ['mongodb://db#hidden', 'mongodb://db'],
    ['mongodb://mesh:hid/den@db/', '…'],
  ])('shows of %s the hosts alone', (url, shown) => {
    expect(storeAt(url)).toBe(`mongodb at ${shown}, database shop`)
  })
})
