import { MeshError, type ServiceContext } from '@commerce-mesh/mesh'

type Publish = ServiceContext<unknown>['publish']

/**
 * Gives publishing a deadline (promise 10), so that a bus that hangs makes a 503 and not callers that wait for ever. The event
 * may become durable after all; the caller sends the same again, and it is the same event.
 *
 * @param ms - shorter than what providers wait for an answer to their notifications.
 * @throws MeshError MESH_BUS_UNAVAILABLE, from `publish` or at the deadline.
 */
export const boundedPublish =
  (publish: Publish, ms: number): Publish =>
  (contract, data, stamp) =>
    new Promise((resolve, reject) => {
      const giveUp = () =>
        reject(new MeshError('MESH_BUS_UNAVAILABLE', `The event was not durable within ${ms} ms.`))
      const timer = setTimeout(giveUp, ms)
      publish(contract, data, stamp)
        .then(resolve, reject)
        .finally(() => clearTimeout(timer))
    })
