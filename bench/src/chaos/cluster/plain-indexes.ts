import { MongoClient } from 'mongodb'

/**
 * Gives every partial index of a database a plain twin. The server that the tests run on (SecantusDB) makes partial
 * indexes and never uses them: each look for due work would read whole collections, and that is all it would do after
 * a few thousand documents. MongoDB itself needs no twins.
 */
export const addPlainIndexes = async (url: string, database: string): Promise<void> => {
  const client = new MongoClient(url)
  try {
    const db = client.db(database)
    for (const { name } of await db.listCollections().toArray()) {
      const collection = db.collection(name)
      const partial = (await collection.listIndexes().toArray()).filter(
        (index) => index['partialFilterExpression'] !== undefined,
      )
      for (const index of partial) await collection.createIndex(index['key'], { name: `${index.name} plain` })
    }
  } finally {
    await client.close()
  }
}
