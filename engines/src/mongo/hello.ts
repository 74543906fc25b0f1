import { MongoClient } from 'mongodb'

/**
 * Does something with a client of the driver that gives up soon.
 *
 * @throws Error when the server does not answer.
 */
export const withMongo = async <T>(url: string, work: (client: MongoClient) => Promise<T>): Promise<T> => {
  const client = new MongoClient(url, { serverSelectionTimeoutMS: 1_000, connectTimeoutMS: 1_000 })
  try {
    return await work(client)
  } finally {
    await client.close()
  }
}

/** Asks a server (`hello`) whether it takes writes. @throws Error when it does not answer */
export const takesWrites = (url: string): Promise<boolean> =>
  withMongo(url, async (client) => {
    const answer = await client.db('admin').command({ hello: 1 })
    return answer['isWritablePrimary'] === true
  })
