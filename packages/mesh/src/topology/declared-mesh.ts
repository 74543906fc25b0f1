import type { EventContract } from '@commerce-mesh/contracts'
import type { ConsumerSettings, ProducerSettings } from './outside.ts'
import type { RouteSettings } from '../routes/settings.ts'
import type { Service } from '../service/service.ts'
import type { Source } from '../source/source.ts'

/** What of a service is known without starting it. */
export type DeclaredService = Pick<Service, 'name' | 'handlers' | 'consumes' | 'emits' | 'journaled'>

/** A source and where its settings stand in mesh.yaml. */
export type DeclaredSource = { readonly source: Source<never>; readonly path: readonly string[] }

/** Everything that services and plugins say of themselves. */
export type DeclaredMesh = {
  readonly services: readonly DeclaredService[]
  /** Contracts that are known besides those that services emit or read. */
  readonly contracts: readonly EventContract[]
  readonly sources: readonly DeclaredSource[]
}

/** What of the configuration decides who gets what. */
export type Wiring = {
  readonly routes: readonly RouteSettings[]
  readonly producers: readonly ProducerSettings[]
  readonly consumers: readonly ConsumerSettings[]
}

/** Every contract of a mesh, by type. Where two differ, the first one stands. */
export const contractsOf = ({
  services,
  contracts,
  sources,
}: DeclaredMesh): ReadonlyMap<string, EventContract> => {
  const all = [
    ...contracts,
    ...services.flatMap(({ consumes, emits }) => [...emits, ...consumes]),
    ...sources.flatMap(({ source }) => source.emits),
  ]
  const byType = new Map<string, EventContract>()
  for (const contract of all) if (!byType.has(contract.type)) byType.set(contract.type, contract)
  return byType
}
