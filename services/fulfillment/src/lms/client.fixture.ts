import { createMetrics, silentTracer } from '@commerce-mesh/mesh'
import { startSandboxLms, type SandboxLms, type SandboxLmsOptions } from '@commerce-mesh/testing'
import { fulfillmentOptions, lmsOptionsOf, type LmsOptions } from '../options.ts'
import { createLmsClient } from './client.ts'
import type { Call } from './port.ts'

/** The open course of the sandbox. */
export const DEMO = 'course-v1:edX+DemoX+Demo_Course'

/** Trace context of the tests' calls. */
export const TRACEPARENT = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01'

/** A call that nobody ends. */
export const call = (signal = new AbortController().signal): Call => ({ signal, traceparent: TRACEPARENT })

/** Options with which the sandbox lets a client in. */
export const lmsOptions = (url: string, more: Partial<LmsOptions> = {}): LmsOptions => {
  const lms = { url, clientId: 'mesh', clientSecret: 'mesh-secret', rateLimit: false, ...more }
  return lmsOptionsOf(fulfillmentOptions.parse({ lms }))
}

/** A client of the sandbox (or of any address), with metrics of its own; `close` both at the end. */
export const connect = (url: string, more: Partial<LmsOptions> = {}, now: () => Date = () => new Date()) => {
  const metrics = createMetrics()
  return { metrics, client: createLmsClient(lmsOptions(url, more), { metrics, now, tracer: silentTracer }) }
}

/** Runs a test with a sandbox LMS and a client, and closes both. */
export const withLms = async (
  options: { sandbox?: SandboxLmsOptions; client?: Partial<LmsOptions>; now?: () => Date },
  test: (scene: { lms: SandboxLms } & ReturnType<typeof connect>) => Promise<void>,
): Promise<void> => {
  const lms = await startSandboxLms({ throttle: false, ...options.sandbox })
  const scene = { lms, ...connect(lms.url, options.client, options.now) }
  try {
    await test(scene)
  } finally {
    // First the LMS: it breaks the calls that a test left unanswered, for which closing the client would wait.
    await lms.close()
    await scene.client.close()
  }
}
