import type { CatalogueEntry } from './entry.ts'

/** Codes of events, handlers, orders and payments. */
export const RECORD_CODES = {
  MESH_EVENT_POISON: {
    meaning: 'A record on a topic, or an event handed to the gateway, can’t be decoded.',
    order:
      'A record is a dead letter of class poison, and its neighbours are not held up; of what was handed in nothing was accepted.',
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
  MESH_SERVICE_INVALID: {
    meaning: 'A service, or a plugin’s, does not do what it declares, or failed while it started.',
    order: 'No order is touched: the mesh does not start.',
    action:
      'Mend the service named. Where a plugin brings it, take the plugin out of `plugins` to start without it.',
    retryable: false,
  },
  MESH_PLUGIN_ASTRAY: {
    meaning:
      'Code of a plugin failed where nobody waits for it: a promise that is not awaited, or a timer. The log line names its place.',
    order: 'The record that it belongs to is handled as if nothing had happened.',
    action:
      'Await every promise in the plugin, and catch what timers throw. Until then what it wanted to do is not done.',
    retryable: false,
  },
  MESH_HANDLER_OUTPUT: {
    meaning: 'A handler emitted an event that breaks its own contract.',
    order: 'The record is a dead letter; no state was changed.',
    action: 'Report it as a fault in the program. Redrive after the fix.',
    retryable: false,
  },
  MESH_EVENT_LOOP: {
    meaning:
      'An event was caused by an event that was caused by an event, and so on: handlers that call each other in a circle.',
    order: 'The record became a dead letter, and the circle ends there. What was done on the way stays done.',
    action:
      '`mesh trace` shows the circle, `mesh validate` names it. Mend the plugin or the routes, then discard the dead letter.',
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
    order: 'This payment does not enroll it; one of the right amount still will.',
    action:
      'Compare the payment at the provider with the order. Refund it, ask the learner to pay the right amount, then discard this.',
    retryable: false,
  },
  MESH_PAYMENT_TWICE: {
    meaning: 'The provider captured another payment for an order that is paid already.',
    order: 'It was placed once, with the first payment; the second payment changes nothing.',
    action:
      'Compare both payments at the provider. Refund the one too many, then discard. A redrive ends here again.',
    retryable: false,
  },
  MESH_PAYMENT_REVERSED: {
    meaning: 'The provider reported a refund or a dispute.',
    order: 'The enrollment stays as it is: this release does not take enrollments back by itself.',
    action: 'Unenroll the learner in the LMS if the refund is meant to end the access, then discard.',
    retryable: false,
  },
} as const satisfies Record<string, CatalogueEntry>
