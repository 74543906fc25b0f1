// What plugins are written with: no engines, nothing that starts. Loads on Node 20 too.
export { type CatalogueEntry, CATALOGUE, type MeshCode } from '../errors/catalogue.ts'
export { MeshError, isMeshError } from '../errors/mesh-error.ts'
export type { Condition } from '../routes/condition.ts'
export * from '../service/handler.ts'
export * from '../service/outcome.ts'
export {
  type Service,
  type ServiceContext,
  type ServiceDeclaration,
  type ServiceParts,
  defineService,
} from '../service/service.ts'
export * from '../source/source.ts'
export { parseTraceparent, traceIdOf } from '../telemetry/traceparent.ts'
export * from './plugin.ts'
export * from './sink.ts'
