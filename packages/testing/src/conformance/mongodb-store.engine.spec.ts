import { describeEngine } from '../engines/index.ts'
import { storeConformance } from './index.ts'
import { type TestDatabase, testDatabase } from './mongodb-database.fixture.ts'

describeEngine('mongodb', 'MongoDB', (url) => {
  let database: TestDatabase

  storeConformance({
    name: 'The MongoDB store',
    open: () => {
      database = testDatabase(url)
      return database.open()
    },
    reopen: () => database.open(),
    cleanup: () => database.drop(),
    patienceMs: 120_000,
  })
})
