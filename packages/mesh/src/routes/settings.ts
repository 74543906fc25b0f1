import { z } from 'zod'

const route = z.strictObject({
  event: z.string().min(1).describe('Event type with its version, such as `order.placed.v1`.'),
  to: z
    .string()
    .min(1)
    .describe('Who gets it: `SERVICE/HANDLER`, or `SERVICE` alone where one handler takes the event.'),
  when: z
    .unknown()
    .optional()
    .describe(
      'Condition over the event’s data: `field` with equals, in, exists or prefix; all, any and not around such conditions (docs/routes.md). Left out: always.',
    ),
  options: z
    .record(z.string(), z.unknown())
    .optional()
    .describe('Options for this handler, checked by the handler’s own schema.'),
  enabled: z.boolean().default(true).describe('`false`: the handler gets none of these events.'),
})

/** Section `routes` of mesh.yaml. */
export const routesSchema = z
  .array(route)
  .default([])
  .describe(
    'Which handlers get which events. A route goes in place of the service’s own for this event and handler; what no route names stays as the services declare it.',
  )

/** One route as mesh.yaml writes it. */
export type RouteSettings = z.output<typeof route> & {
  /** Where it stands, for people: `mesh.yaml:12`. */
  readonly where?: string
}
