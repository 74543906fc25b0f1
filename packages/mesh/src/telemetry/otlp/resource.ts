import { randomUUID } from 'node:crypto'
import os from 'node:os'
import { type Resource, detectResources, envDetector, resourceFromAttributes } from '@opentelemetry/resources'

/** The same for every service of this process. */
const instance = randomUUID()

/** Who sends: one service of the mesh. What OTEL_RESOURCE_ATTRIBUTES says is added (Kubernetes puts pod and node there). */
export const resourceOf = (service: string, version: string): Resource =>
  detectResources({ detectors: [envDetector] }).merge(
    resourceFromAttributes({
      'service.name': service,
      'service.namespace': 'commerce-mesh',
      'service.version': version,
      'service.instance.id': instance,
      'host.name': os.hostname(),
      'process.pid': process.pid,
    }),
  )
