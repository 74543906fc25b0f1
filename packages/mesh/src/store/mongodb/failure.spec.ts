import { inspect } from 'node:util'
import { describe, expect, it } from '@jest/globals'
import { MongoNetworkError, MongoServerError } from 'mongodb'
import { MeshError } from '../../errors/mesh-error.ts'
import { mongodbFailure } from './failure.ts'

const HOSTS = 'db.example:27017'

const failureOf = (thrown: unknown) => mongodbFailure(thrown, HOSTS) as MeshError

describe('mongodbFailure', () => {
  it('names what the server answered, but not its words: they may quote a document', () => {
    const failure = failureOf(
      new MongoServerError({
        message:
          'not authorized on mesh to execute command { insert: "orders", documents: [ "ada@example.org" ] }',
        code: 13,
        codeName: 'Unauthorized',
      }),
    )
    expect(failure).toMatchObject({
      code: 'MESH_STORE_UNAVAILABLE',
      message: 'MongoDB at db.example:27017 answered with an error (Unauthorized 13).',
    })
    expect(failureOf(new MongoServerError({ message: 'no', code: 189 })).lasting).toBe(false)
    expect(inspect(failure, { depth: 10 })).not.toMatch(/ada@/)
  })

  it.each([13, 18, 8000])('given a refused login (%i), says that it lasts and what to compare', (code) => {
    expect(failureOf(new MongoServerError({ message: 'no', code }))).toMatchObject({
      lasting: true,
      action: expect.stringContaining('store.mongodb.url'),
    })
  })

  it('names what the system said about the connection', () => {
    const cause = Object.assign(new Error('getaddrinfo ENOTFOUND db.example'), { code: 'ENOTFOUND' })
    expect(failureOf(new MongoNetworkError('getaddrinfo', { cause })).message).toBe(
      'The connection to MongoDB at db.example:27017 failed (ENOTFOUND).',
    )
    expect(failureOf(new MongoNetworkError('connection 3 to db.example closed')).message).toBe(
      'The connection to MongoDB at db.example:27017 failed (MongoNetworkError).',
    )
  })

  it('leaves our own errors and misuse what they are', () => {
    const own = [new MeshError('MESH_DOCUMENT_TOO_LARGE', 'Too large.'), new TypeError('never declared')]
    for (const error of own) expect(mongodbFailure(error, HOSTS)).toBe(error)
  })

  it('keeps what nobody thought of as the cause', () => {
    const cause = new Error('what nobody thought of')
    expect(failureOf(cause)).toMatchObject({ code: 'MESH_STORE_UNAVAILABLE', cause })
  })
})
