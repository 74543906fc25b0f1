import type { GraphEvent } from '@commerce-mesh/mesh'

/** An event of which only its way matters. */
export const event = (type: string, emittedBy: readonly string[], readBy: readonly string[]): GraphEvent => ({
  type,
  owner: 'shop',
  summary: 'It happened.',
  bookkeeping: false,
  emittedBy,
  readBy,
  takers: readBy.map((service) => ({ service, handler: 'handle', where: 'default', enabled: true })),
})
