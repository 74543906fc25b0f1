import { type Context, ROOT_CONTEXT, context, createContextKey, trace } from '@opentelemetry/api'
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks'
import { activePlace, runAt } from '../active-span.ts'

const SERVICE = createContextKey('commerce-mesh.service')

type MeshSpan = Parameters<typeof trace.setSpan>[1]

/** Makes the contexts in which whatever knows OpenTelemetry's API makes children of a service's spans. */
export const contextsOf = (service: string): ((span: MeshSpan) => Context) => {
  const base = ROOT_CONTEXT.setValue(SERVICE, service)
  return (span) => trace.setSpan(base, span)
}

/** The service whose work runs in a context; undefined outside of the mesh's spans. */
export const serviceOf = (active: Context): string | undefined => {
  const service = active.getValue(SERVICE)
  return typeof service === 'string' ? service : undefined
}

/** Keeps OpenTelemetry's context where the mesh keeps its own active span, so that there is one truth and one cost. */
class MeshContextManager extends AsyncLocalStorageContextManager {
  override active(): Context {
    return activePlace()?.context ?? ROOT_CONTEXT
  }

  override with<A extends unknown[], F extends (...args: A) => ReturnType<F>>(
    active: Context,
    work: F,
    thisArg?: ThisParameterType<F>,
    ...args: A
  ): ReturnType<F> {
    return runAt({ ...activePlace(), context: active }, () => work.apply(thisArg, args))
  }
}

/** Makes the mesh's active span known to OpenTelemetry's API. False where somebody else did so before. */
export const registerContext = (): boolean => context.setGlobalContextManager(new MeshContextManager())
