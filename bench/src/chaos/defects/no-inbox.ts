import type { Engines, Store, Stored } from '@commerce-mesh/mesh'

type WithInbox = { readonly inbox?: Readonly<Record<string, string>> }

/** Breaks promise 2: an event that was handled is handled again. The inbox is still written, so that an audit is content. */
export const withoutInbox = (engines: Engines): Engines => {
  const { store } = engines
  const hidden = new Map<string, WithInbox['inbox']>()
  const get: Store['get'] = async <B>(collection: string, id: string) => {
    const stored = await store.get<B & WithInbox>(collection, id)
    if (stored?.body.inbox === undefined) return stored
    hidden.set(`${collection}/${id}@${stored.version}`, stored.body.inbox)
    return { ...stored, body: { ...stored.body, inbox: {} } } satisfies Stored<B>
  }
  const put: Store['put'] = async (collection, id, body, expected) => {
    const { inbox } = body as WithInbox
    const known = hidden.get(`${collection}/${id}@${expected}`)
    const whole = inbox === undefined ? body : { ...(body as object), inbox: { ...known, ...inbox } }
    const version = await store.put(collection, id, whole, expected)
    if (version !== undefined && inbox !== undefined)
      hidden.set(`${collection}/${id}@${version}`, { ...known, ...inbox })
    return version
  }
  return { ...engines, store: { ...store, get, put } }
}
