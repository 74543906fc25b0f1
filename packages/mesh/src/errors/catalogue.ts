/** One entry of the catalogue: everything a person needs who sees the code for the first time. */
export type CatalogueEntry = {
  /** What happened. */
  readonly meaning: string
  /** What it means for the order. */
  readonly order: string
  /** What to do. */
  readonly action: string
  /** Whether the same thing may succeed later without anybody doing anything. */
  readonly retryable: boolean
}

/** Every code that the mesh can show. docs/errors.md is generated from it. */
export const CATALOGUE = {
  MESH_BUS_UNAVAILABLE: {
    meaning: 'The event could not be made durable on the bus.',
    order: 'Nothing was accepted; the caller got 503 and may send it again.',
    action: 'Look at the disk (space, permissions) or the broker. The mesh tries again by itself.',
    retryable: true,
  },
  MESH_STORE_UNAVAILABLE: {
    meaning: 'The store could not read or write.',
    order: 'It waits in the log; nothing is lost.',
    action: 'Look at the disk (space, permissions) or the database. The mesh tries again by itself.',
    retryable: true,
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
    action: 'Give the user that runs the mesh the right to write there, or choose another directory with --data.',
    retryable: false,
  },
  MESH_DATA_NEWER: {
    meaning: 'The data was written by a newer release of the mesh.',
    order: 'No order is touched.',
    action: 'Run the newer release, or restore the data from before the upgrade.',
    retryable: false,
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
  MESH_EVENT_POISON: {
    meaning: 'A record on a topic can’t be decoded.',
    order: 'The record is a dead letter of class poison; its neighbours are not held up.',
    action: 'Tell whoever wrote it; discard it once the right event has been sent.',
    retryable: false,
  },
  MESH_EVENT_CONTRACT: {
    meaning: 'An event breaks its contract.',
    order: 'The record is a dead letter of class contract; its neighbours are not held up.',
    action: 'Mend the producer and have it send a right event, then discard this one.',
    retryable: false,
  },
  MESH_HANDLER_THREW: {
    meaning: 'A handler threw an unexpected error: a fault in the program.',
    order: 'It is tried again; after 10 attempts it becomes a dead letter.',
    action: 'Report it with the log lines of this order. Redrive after the fix.',
    retryable: true,
  },
  MESH_HANDLER_DEADLINE: {
    meaning: 'A handler did not finish within its deadline.',
    order: 'It is tried again.',
    action: 'Look at the latency of what the handler calls; raise `deadlineMs` if it is normal there.',
    retryable: true,
  },
  MESH_HANDLER_OUTPUT: {
    meaning: 'A handler emitted an event that breaks its own contract.',
    order: 'The record is a dead letter; no state was changed.',
    action: 'Report it as a fault in the program. Redrive after the fix.',
    retryable: false,
  },
  MESH_WAITING_FULL: {
    meaning: 'Too many records wait behind one key.',
    order: 'The newest record became a dead letter, so that the rest keeps its order.',
    action: 'Clear what holds the first one back, then redrive.',
    retryable: false,
  },
  MESH_ORDER_CONFLICT: {
    meaning: 'The same order number was submitted twice with different contents.',
    order: 'The first submission stands and goes on; the second is a dead letter.',
    action: 'Ask the storefront which is right. If the second: it needs an order number of its own.',
    retryable: false,
  },
  MESH_PAYMENT_MISMATCH: {
    meaning: 'The amount or currency that the provider captured is not that of the order.',
    order: 'It is not enrolled.',
    action: 'Compare the payment at the provider with the order. Refund it or correct the order, then discard or redrive.',
    retryable: false,
  },
  MESH_PAYMENT_REVERSED: {
    meaning: 'The provider reported a refund or a dispute.',
    order: 'The enrollment stays as it is: this release does not take enrollments back by itself.',
    action: 'Unenroll the learner in the LMS if the refund is meant to end the access, then discard.',
    retryable: false,
  },
  MESH_DEAD_LETTER_UNKNOWN: {
    meaning: 'There is no dead letter with this id.',
    order: 'No order is touched.',
    action: 'List the open ones with `mesh dead list`.',
    retryable: false,
  },
  MESH_DEAD_LETTER_CLOSED: {
    meaning: 'The dead letter was redriven or discarded before.',
    order: 'No order is touched.',
    action: 'Follow the order with `mesh trace`; if it failed again there is a newer dead letter.',
    retryable: false,
  },
} as const satisfies Record<string, CatalogueEntry>

/** A code of the catalogue. */
export type MeshCode = keyof typeof CATALOGUE
