import type { GatewayOptions } from '@commerce-mesh/gateway'
import { MeshError } from '@commerce-mesh/mesh'
import type { LocalSecrets } from '../data/secrets.ts'

/** What LMS-style tokens are signed with, so that the gateway takes them. */
export type LmsTokenRules = { readonly secret: string; readonly issuer?: string; readonly audience?: string }

/**
 * The configured secret, or that of the data directory, which `mesh up --demo` uses.
 *
 * @throws MeshError MESH_DATA_MISSING when there is neither.
 */
export const lmsTokenRules = (
  jwt: Partial<GatewayOptions['jwt']> | undefined,
  local: LocalSecrets | undefined,
): LmsTokenRules => {
  const secret = jwt?.secret ?? local?.jwtSecret
  if (secret === undefined) {
    throw new MeshError(
      'MESH_DATA_MISSING',
      'There is no secret to sign with: neither gateway.jwt.secret in mesh.yaml, nor a data directory.',
      {
        action: 'Start `mesh up --demo` first, or name its data directory with --data.',
      },
    )
  }
  return {
    secret,
    ...(jwt?.issuer !== undefined && { issuer: jwt.issuer }),
    ...(jwt?.audience !== undefined && { audience: jwt.audience }),
  }
}
