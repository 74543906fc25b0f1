import { readableVersions } from '@commerce-mesh/contracts'
import { intakesOf } from '../routes/intake.ts'
import { planRoutes } from '../routes/plan.ts'
import type { RouteSettings } from '../routes/settings.ts'
import type { Handler } from '../service/handler.ts'
import type { DecodeRules } from './decode.ts'

/** What records are held against in a service with these handlers. */
export const rulesOf = <S>(
  handlers: readonly Handler<S>[],
  routes: readonly RouteSettings[] = [],
): DecodeRules<S> => {
  const service = {
    name: 'packing',
    handlers,
    consumes: handlers.flatMap(({ contract }) => readableVersions(contract)),
  }
  const byName = new Map(handlers.map((handler) => [handler.name, handler]))
  return { intakes: intakesOf(service, planRoutes([service], routes), byName), grants: new Map() }
}
