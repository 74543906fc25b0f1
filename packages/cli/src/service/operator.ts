import { MeshError, engineMark, holdDataDirectory, isMeshError } from '@commerce-mesh/mesh'
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

const filled = (value: unknown): boolean => (Array.isArray(value) ? value.length > 0 : value !== undefined)

/** Whether tokens of the LMS or signed webhooks come in, if nobody else. */
const takesTokens = (config: MeshConfig): boolean => {
  const { jwt, stripe } = sectionOf(config, 'gateway') as {
    readonly jwt?: { readonly secret?: unknown; readonly jwks?: unknown }
    readonly stripe?: { readonly secrets?: unknown }
  }
  return filled(jwt?.secret) || filled(jwt?.jwks) || filled(stripe?.secrets)
}

/**
 * Makes an operator's key for a gateway that nobody could call. Replicas would each have another one, so that who
 * names callers in mesh.yaml gets none; nor does a process without a directory that it may write and has to itself.
 *
 * @throws MeshError MESH_DATA_NOT_WRITABLE, MESH_DATA_IN_USE where nobody at all could call the gateway
 */
export const localOperator = (config: MeshConfig): LocalOperator => {
  if (hasCallers(config)) return nobody(config)
  try {
    const secrets = openSecrets(config.data)
    const usesDirectory = config.store.driver === 'sqlite'
    const held = usesDirectory ? undefined : holdDataDirectory(config.data)
    return {
      config: withOperator(config, secrets),
      announce: (url) => held?.announce(url, engineMark(config)),
      close: () => held?.close(),
    }
  } catch (thrown) {
    if (!isMeshError(thrown, 'MESH_DATA_NOT_WRITABLE', 'MESH_DATA_IN_USE')) throw thrown
    if (takesTokens(config)) return nobody(config)
    throw new MeshError(
      thrown.code,
      `Nobody could call this gateway: mesh.yaml names no callers, and a key can’t be kept. ${thrown.message}`,
      {
        cause: thrown,
        action:
          'Name callers in services.gateway.callers (`mesh token NAME` prints the lines), or give this gateway a data directory of its own with --data.',
      },
    )
  }
}
