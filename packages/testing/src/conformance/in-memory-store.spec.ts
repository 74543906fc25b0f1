import { InMemoryDocuments, inMemoryStore } from './in-memory-store.ts'
import { storeConformance } from './index.ts'

let kept = new InMemoryDocuments()

storeConformance({
  name: 'The in-memory store',
  open: async () => {
    kept = new InMemoryDocuments()
    return inMemoryStore(kept)
  },
  // The documents outlive their stores: what a restart does to a driver, without a disk.
  reopen: async () => inMemoryStore(kept),
  cleanup: async () => {},
})
