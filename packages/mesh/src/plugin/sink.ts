import type { CloudEvent, DataOf, EventContract } from '@commerce-mesh/contracts'
import type { z } from 'zod'
import { type HandlerContext, handles, implement } from '../service/handler.ts'
import { type Outcome, done } from '../service/outcome.ts'
import { type Service, defineService } from '../service/service.ts'

/** An adapter that carries out an effect elsewhere: the wanted end is stated, looked for first, and "already so" is success. */
export type Sink<C extends EventContract, O> = {
  /** Name of the service that it becomes, with a consumer group, a concurrency and a breaker of its own. */
  readonly name: string
  readonly takes: C
  /** Schema of its section in mesh.yaml; secrets are marked with `.meta({ secret: true })`. */
  readonly options: z.ZodType<O>
  /** Dotted paths of the fields that it reads. */
  readonly reads?: readonly string[]
  /** Deliveries at once. Default: 8. */
  readonly concurrency?: number
  /**
   * Carries the effect out. Resolving without an outcome means `done`; answer `retry`, `dead` or `suppressed` for anything else.
   * It may be called more than once for one event.
   */
  deliver(
    event: CloudEvent<DataOf<C>>,
    context: HandlerContext & { readonly settings: O },
  ): Promise<Outcome<object> | void> | Outcome<object> | void
}

/** Makes a sink into a service that keeps no state and emits nothing. */
export const defineSink = <C extends EventContract, O>({
  name,
  takes,
  options,
  reads,
  concurrency = 8,
  deliver,
}: Sink<C, O>): Service<object, O> => {
  const declaration = handles(takes, 'deliver', { emits: [], ...(reads !== undefined && { reads }) })
  return defineService<object, O>({
    name,
    options,
    handlers: [declaration],
    emits: [],
    initialState: () => ({}),
    concurrency,
    start: ({ options: settings }) => ({
      handlers: [
        implement(
          declaration,
          async (event, state: object, context) =>
            (await deliver(event, { ...context, settings })) ?? done(state),
        ),
      ],
    }),
  })
}
