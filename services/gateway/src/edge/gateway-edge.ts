import type { ServiceContext } from '@commerce-mesh/mesh'
import { configuredCallers, storedCallers } from '../auth/api-key.ts'
import { type Identify, createIdentify } from '../auth/identify.ts'
import { createJwtVerifier } from '../auth/jwt.ts'
import { publishEvent } from '../events/publish-event.ts'
import { createByteBudget } from '../http/byte-budget.ts'
import { createFaultLog } from '../http/fault-log.ts'
import type { Log } from '../http/log.ts'
import type { Route } from '../http/route.ts'
import type { Desk } from '../http/serve.ts'
import { startSweeper } from '../idempotency/sweeper.ts'
import { withOpenApi } from '../openapi/openapi-route.ts'
import { readAudit } from '../operators/audit.ts'
import { makeCaller } from '../operators/callers.ts'
import { deadLetterRoutes } from '../operators/dead-letters.ts'
import { readServices } from '../operators/services.ts'
import type { GatewayOptions } from '../options.ts'
import { findOrdersRoute } from '../orders/find-orders-route.ts'
import { readOrder } from '../orders/read-order.ts'
import { createRecentOrders } from '../orders/recent-orders.ts'
import { submitOrder } from '../orders/submit-order.ts'
import { createRateLimiter } from '../rate/rate-limiter.ts'
import { healthz, readyz } from '../status/health.ts'
import { readLinks } from '../status/links.ts'
import { readMetrics } from '../status/metrics.ts'
import { stripeWebhook } from '../stripe/webhook.ts'
import { fulfill } from '../titan/fulfill.ts'
import { pluginWebhook } from '../webhooks/plugin-webhook.ts'
import { type Webhook, webhookRoute } from '../webhooks/webhook.ts'
import { createApp } from './app.ts'
import { boundedPublish } from './bounded-publish.ts'
import { type Edge, createEdge } from './edge.ts'

/** What the edge uses of the runtime. */
export type GatewayContext = Omit<ServiceContext<GatewayOptions>, 'log'> & { readonly log: Log }

/** Unknown API keys that one address may try: each costs a read of the store. */
const UNKNOWN_KEYS = { perSecond: 20, burst: 100 }

/** Time for an event to become durable. Stripe gives up on an answer after ten seconds or more. */
const PUBLISH_MS = 8_000

/** The gateway's own sources, then those of plugins. @throws MeshError MESH_CONFIG_INVALID for names that can't be served */
const webhooksOf = ({ options, sources }: GatewayContext): readonly Webhook[] => {
  const own = [stripeWebhook(options.stripe)]
  const taken = own.map(({ source }) => source.name)
  return [...own, ...sources.map((configured) => pluginWebhook(configured, taken))]
}

/** The routes, the busiest first. */
const routesOf = (context: GatewayContext): readonly Route[] => {
  const { options, metrics, now, store, readState, operations, health, log, contracts, grants } = context
  const publish = boundedPublish(context.publish, PUBLISH_MS)
  const { jsonDepth } = options
  const recent = createRecentOrders()
  const accept = { publish, metrics, recent, jsonDepth }
  return withOpenApi([
    submitOrder({ ...accept, store, now }),
    readOrder({ readState, operations, recent }),
    findOrdersRoute(store),
    fulfill(accept),
    ...webhooksOf(context).map((webhook) =>
      webhookRoute(webhook, { publish, metrics, log, now, contracts, jsonDepth }),
    ),
    publishEvent({ publish, metrics, contracts, grants, jsonDepth }),
    ...deadLetterRoutes(operations, jsonDepth),
    readAudit(operations),
    readServices(operations),
    makeCaller(store, now, jsonDepth),
    healthz(),
    readyz(health),
    readMetrics(metrics),
    readLinks(),
  ])
}

const identifierOf = ({ options, store, now }: GatewayContext): Identify => {
  const time = () => now().getTime()
  return createIdentify({
    configured: configuredCallers(options.callers),
    findCaller: storedCallers(store),
    verifyJwt: createJwtVerifier(options.jwt, time),
    unknownKeys: createRateLimiter(UNKNOWN_KEYS, time),
    now: time,
  })
}

/** Puts the gateway's HTTP side together: routes, credentials, limits, server, and the sweep of expired records. */
export const createGatewayEdge = (context: GatewayContext): Edge => {
  const { options, metrics, log, now, store, health } = context
  let closing = false
  let stopSweeper = () => {}
  const desk: Desk = {
    identify: identifierOf(context),
    callers: createRateLimiter(options.rateLimit, () => performance.now()),
    budget: createByteBudget(),
    bodyLimitBytes: options.bodyLimitBytes,
    metrics,
    fault: createFaultLog(log, () => performance.now()),
    tracer: context.tracer,
    closing: () => closing,
  }
  const edge = createEdge(createApp(routesOf(context), desk), options)
  health.check('edge', () => (closing ? 'the gateway is stopping' : undefined))
  return {
    open: async () => {
      const url = await edge.open()
      stopSweeper = startSweeper(store, now, log)
      log.info({ url }, 'the gateway listens')
      return url
    },
    close: async () => {
      closing = true
      stopSweeper()
      await edge.close()
    },
    url: edge.url,
  }
}
