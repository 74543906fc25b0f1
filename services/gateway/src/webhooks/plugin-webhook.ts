import { type ConfiguredSource, MeshError, type Source } from '@commerce-mesh/mesh'
import { z } from 'zod'
import { Refusal } from '../problem/refusal.ts'
import type { Webhook } from './webhook.ts'

const notification = z.unknown().describe('A notification, as the provider documents it.')

/** The name becomes a part of the address. */
const NAME = /^[a-z][a-z0-9]*(-[a-z0-9]+)*$/

const demandName = (name: string, taken: readonly string[]): void => {
  if (!NAME.test(name))
    throw new MeshError(
      'MESH_CONFIG_INVALID',
      'A source of a plugin has a name that can’t be the end of an address.',
      { action: 'Name it in lower-case letters, digits and dashes, such as `acme-pay`.' },
    )
  if (taken.includes(name))
    throw new MeshError(
      'MESH_CONFIG_INVALID',
      `A plugin brings a source named '${name}', which the gateway has itself: both would be served at /webhooks/${name}.`,
      { action: 'Leave the plugin out, or have it rename its source.' },
    )
}

const operationOf = (name: string): string =>
  `${name.replaceAll(/-([a-z0-9])/g, (_dash, letter: string) => letter.toUpperCase())}Webhook`

const refusal = (why: string): Refusal =>
  new Refusal(401, 'MESH_SIGNATURE_INVALID', `The signature of the notification was not accepted: ${why}.`, {
    headers: { 'www-authenticate': 'Signature realm="commerce-mesh"' },
  })

/**
 * How a plugin's source is served.
 *
 * @param taken - names of the gateway's own sources.
 * @throws MeshError MESH_CONFIG_INVALID for a name that is no part of an address, or taken.
 */
export const pluginWebhook = ({ source, options }: ConfiguredSource, taken: readonly string[]): Webhook => {
  const { name } = source
  demandName(name, taken)
  return {
    // Its options were checked by its own schema: what that makes is what its functions take.
    source: source as unknown as Source,
    options,
    operation: operationOf(name),
    summary: `Notifications of the source '${name}'. The signature over the raw body is checked before anything is read.`,
    title: `the source '${name}'`,
    schema: notification,
    scheme: 'webhookSignature',
    refuse: (request) =>
      refusal(
        request === undefined
          ? `no secret is configured in sources.${name} of mesh.yaml, or an empty one`
          : 'it is missing, wrong or too old',
      ),
  }
}
