import { CONFIG_FINDINGS } from '../finding/finding.ts'
import { MeshError } from '../errors/mesh-error.ts'
import type { DeclaredMesh } from './declared-mesh.ts'
import { routeProblems } from './route-problems.ts'
import type { RouteSettings } from '../routes/settings.ts'

/** What does less than was meant, but nothing else: the first route that holds takes the event. */
const HARMLESS: ReadonlySet<string> = new Set(['MESH_ROUTE_DUPLICATE', 'MESH_ROUTE_UNREACHABLE'])

/**
 * Refuses routes that would do something else than they say, for a configuration that was never held against what is declared:
 * one that a program made, say.
 *
 * @throws MeshError MESH_CONFIG_INVALID with every problem.
 */
export const refuseRoutes = (mesh: DeclaredMesh, routes: readonly RouteSettings[]): void => {
  const wrong = routeProblems(mesh, routes).filter(
    ({ code, severity }) => severity === undefined && !HARMLESS.has(code),
  )
  if (wrong.length === 0) return
  const lines = wrong.map(
    ({ code, path, message, fix = CONFIG_FINDINGS[code].action }) =>
      `${code} ${path.join('.')}: ${message} ${fix}`,
  )
  throw new MeshError('MESH_CONFIG_INVALID', ['The routes have errors.', ...lines].join('\n'), {
    action: 'Mend the routes named.',
  })
}
