import type { z } from 'zod'
import type { RouteSettings } from '../routes/settings.ts'
import { runtimeSchema } from './schema.ts'

/** The configuration of a mesh, checked, with every default filled in. Reference: docs/configuration.md. */
export type MeshConfig = Omit<z.output<typeof runtimeSchema>, 'routes'> & {
  readonly routes: readonly RouteSettings[]
  /** Each service's own options by the service's name; absent where the file says nothing. */
  readonly services: Readonly<Record<string, unknown>>
  /** Options of plugins' webhooks, by the source's name. */
  readonly sources: Readonly<Record<string, unknown>>
}

/** What an empty mesh.yaml gives. */
export const defaultConfig = (): MeshConfig => ({ ...runtimeSchema.parse({}), services: {}, sources: {} })
