import { holdDataDirectory, isMeshError } from '@commerce-mesh/mesh'
import type { MeshConfig } from '@commerce-mesh/mesh'
import { openSecrets } from '../data/secrets.ts'
import { sectionOf, withOperator } from '../up/plan.ts'

/** A gateway with an operator's key in its data directory, where it has nobody else. */
export type LocalOperator = {
  readonly config: MeshConfig
  /** Lets commands on this machine find the gateway and its key. */
  announce(url: string): void
  close(): void
}

const nobody = (config: MeshConfig): LocalOperator => ({ config, announce: () => {}, close: () => {} })

/** Whether mesh.yaml names anybody who may call the gateway by API key. */
export const hasCallers = (config: MeshConfig): boolean => {
  const { callers } = sectionOf(config, 'gateway')
  return Array.isArray(callers) && callers.length > 0
}

/**
 * Makes an operator's key for a gateway that nobody could call. Replicas would each have another one, so that who
 * names callers in mesh.yaml gets none; nor does a process without a directory that it may write and has to itself.
 */
export const localOperator = (config: MeshConfig): LocalOperator => {
  if (hasCallers(config)) return nobody(config)
  try {
    const secrets = openSecrets(config.data)
    const usesDirectory = config.store.driver === 'sqlite'
    const held = usesDirectory ? undefined : holdDataDirectory(config.data)
    return {
      config: withOperator(config, secrets),
      announce: (url) => held?.announce(url),
      close: () => held?.close(),
    }
  } catch (thrown) {
    if (isMeshError(thrown, 'MESH_DATA_NOT_WRITABLE', 'MESH_DATA_IN_USE')) return nobody(config)
    throw thrown
  }
}
