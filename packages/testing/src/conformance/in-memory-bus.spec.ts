import { busConformance } from './index.ts'
import { inMemoryBus } from './in-memory-bus.ts'
import { InMemoryLog } from './in-memory-log.ts'

let log = new InMemoryLog()

busConformance({
  name: 'The in-memory bus',
  open: async () => {
    log = new InMemoryLog()
    return inMemoryBus(log)
  },
  // The log outlives its buses: what a restart does to a driver, without a disk.
  reopen: async () => inMemoryBus(log),
  join: async () => inMemoryBus(log),
  cleanup: async () => {},
})
