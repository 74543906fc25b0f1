import { MeshError } from '../../../errors/mesh-error.ts'
import { meaningToRead } from '../refusals.ts'

/** Refusals of a topic that stay until a person does something. */
const LASTING = new Set([
  'TOPIC_AUTHORIZATION_FAILED',
  'CLUSTER_AUTHORIZATION_FAILED',
  'INVALID_TOPIC_EXCEPTION',
])

/**
 * What it means that the brokers tell nothing of a topic.
 *
 * @param name - the topic's name in the cluster.
 * @param fault - Kafka's word.
 * @returns a lasting MeshError MESH_BUS_UNAVAILABLE, or a plain Error where it may pass by itself.
 */
export const topicError = (name: string, fault: string): Error => {
  const words = `Kafka tells nothing of the topic ${name}: ${meaningToRead(fault)}`
  if (!LASTING.has(fault)) return new Error(words)
  const action = fault.endsWith('AUTHORIZATION_FAILED')
    ? { action: 'Grant the user of the mesh Describe, Read and Write on its topics.' }
    : {}
  return new MeshError('MESH_BUS_UNAVAILABLE', `${words}.`, { ...action, lasting: true })
}
