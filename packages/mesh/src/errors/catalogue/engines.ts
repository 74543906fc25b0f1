import type { CatalogueEntry } from './entry.ts'

/** Codes of engines, of where data is kept, and of the way to a mesh. */
export const ENGINE_CODES = {
  MESH_BUS_UNAVAILABLE: {
    meaning: 'The bus could not be reached, or could not make an event durable.',
    order:
      'What was answered with 2xx is safe. Whoever handed something in meanwhile got 503 and may send it again; the message says whether it may have been written all the same.',
    action:
      'See whether the brokers run and bus.kafka.bootstrapServers names them; without Kafka, look at the disk (space, permissions). A mesh that runs tries again by itself.',
    retryable: true,
  },
  MESH_TOPIC_MISSING: {
    meaning: 'A topic that the services need does not exist on Kafka.',
    order: 'No order is touched: the mesh does not start, or the caller got 503 and may send it again.',
    action: 'Run `mesh topics apply`, or let the mesh make topics (bus.kafka.createTopics).',
    retryable: false,
  },
  MESH_TOPIC_UNSAFE: {
    meaning:
      'A topic on Kafka is set up so that accepted events could be lost or large ones never be taken, or that can’t be checked.',
    order: 'No order is touched: the mesh does not start.',
    action:
      '`mesh topics plan` shows what differs; `mesh topics apply` changes what can be changed, and the plan says what is for you to do.',
    retryable: false,
  },
  MESH_STORE_UNAVAILABLE: {
    meaning: 'The store could not read or write.',
    order: 'It waits in the log; nothing is lost.',
    action:
      'See whether the database runs and store.mongodb.url names it; with SQLite, look at the disk (space, permissions). A mesh that runs tries again by itself.',
    retryable: true,
  },
  MESH_DOCUMENT_TOO_LARGE: {
    meaning: 'A document is larger than the store can keep.',
    order: 'The state that was there before stays; the record that would not fit becomes a dead letter.',
    action: 'Follow the order with `mesh trace`, mend the handler whose state grows, and redrive the record.',
    retryable: false,
  },
  MESH_DATA_IN_USE: {
    meaning: 'Another process owns this data directory.',
    order: 'No order is touched.',
    action: 'Stop the other process, or give this one a directory of its own with --data.',
    retryable: false,
  },
  MESH_DATA_NOT_WRITABLE: {
    meaning: 'The data directory can’t be created or written.',
    order: 'No order is touched.',
    action:
      'Give the user that runs the mesh the right to write there, or choose another directory with --data.',
    retryable: false,
  },
  MESH_DATA_DAMAGED: {
    meaning: 'The data file is damaged: it is no database, or parts of it can’t be read.',
    order: 'Orders in the damaged part can’t be read. What was accepted before may be affected.',
    action: 'Stop the mesh, keep a copy of the data directory, check the disk, and restore the last backup.',
    retryable: false,
  },
  MESH_DATA_NEWER: {
    meaning: 'The data was written by a newer release of the mesh.',
    order: 'No order is touched.',
    action: 'Run the newer release, or restore the data from before the upgrade.',
    retryable: false,
  },
  MESH_DATA_MISSING: {
    meaning: 'There is no mesh data in this directory.',
    order: 'No order is touched.',
    action: 'Name the directory that the mesh runs on with --data, or start one with `mesh up`.',
    retryable: false,
  },
  MESH_GATEWAY_UNREACHABLE: {
    meaning: 'No mesh answers at this address.',
    order: 'Nothing was handed in. Where only the answer was late, handing the same in again does no harm.',
    action: 'Start one with `mesh up`, or name the address of a running one with --url.',
    retryable: true,
  },
  MESH_PORT_TAKEN: {
    meaning: 'Another process listens on the port.',
    order: 'No order is touched.',
    action: 'Stop the other process, or choose another port (--port, --lms-port).',
    retryable: false,
  },
  MESH_CONFIG_INVALID: {
    meaning: 'The configuration has errors.',
    order: 'No order is touched: the mesh does not start.',
    action: 'Mend the lines named; `mesh validate` checks again without starting anything.',
    retryable: false,
  },
} as const satisfies Record<string, CatalogueEntry>
