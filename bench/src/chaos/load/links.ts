import { setTimeout as delay } from 'node:timers/promises'

/** How far a chain was handed in. */
export type ChainSent = {
  readonly chain: string
  /** Links 1 to this were answered 2xx, one after the other. */
  readonly accepted: number
  /** Whether one more may have been taken, which nobody was told. */
  readonly unsure: boolean
}

/** How links are handed in. */
export type LinkOptions = {
  /** Begins every chain's name. */
  readonly prefix: string
  /** Edges of the service, in turn. Asked anew for each link. */
  readonly urls: () => readonly string[]
  /** Chains at once. */
  readonly walkers: number
  readonly linksPerChain: number
  /** Links begun by all together, per second. */
  readonly perSecond: number
  /** Hands every third link in twice, as a client does that did not see the answer. */
  readonly twice: boolean
  /** Which links have to wait for a second attempt at being counted. */
  readonly waits: (chain: number, link: number) => boolean
  /** Milliseconds for which a link without a 2xx is handed in again. */
  readonly insistMs: number
}

/** Walkers that hand in chains link by link until they are told to stop. */
export type Links = { readonly sent: readonly ChainSent[]; stop(): Promise<void> }

const ANSWER_WITHIN_MS = 10_000
const AGAIN_MS = 250

const post = async (url: string, body: string): Promise<boolean> => {
  try {
    const signal = AbortSignal.timeout(ANSWER_WITHIN_MS)
    const response = await fetch(`${url}/links`, { method: 'POST', body, signal })
    await response.arrayBuffer()
    return response.ok
  } catch {
    return false
  }
}

/** Hands in links, each of a chain only once the one before was answered 2xx. */
export const startLinks = (options: LinkOptions): Links => {
  const { prefix, urls, walkers, linksPerChain, perSecond, twice, waits, insistMs } = options
  const sent: ChainSent[] = []
  const paceMs = (1_000 * walkers) / perSecond
  let stopped = false
  let last = 0
  let turn = 0

  const nextUrl = (): string => {
    const all = urls()
    return all[turn++ % all.length] ?? ''
  }

  const handIn = async (body: string): Promise<boolean> => {
    const end = performance.now() + insistMs
    for (;;) {
      if (await post(nextUrl(), body)) return true
      if (performance.now() >= end) return false
      await delay(AGAIN_MS)
    }
  }

  const walkOne = async (nth: number) => {
    const chain = `${prefix}-chain-${nth}`
    for (let link = 1; link <= linksPerChain; link++) {
      const next = delay(paceMs)
      const body = JSON.stringify({ chain, link, wait: waits(nth, link) })
      if (!(await handIn(body))) return { chain, accepted: link - 1, unsure: true }
      if (twice && (nth + link) % 3 === 0) await post(nextUrl(), body)
      if (stopped) return { chain, accepted: link, unsure: false }
      await next
    }
    return { chain, accepted: linksPerChain, unsure: false }
  }

  const walk = async () => {
    while (!stopped) sent.push(await walkOne(++last))
  }
  const all = Array.from({ length: walkers }, walk)
  return {
    sent,
    stop: async () => {
      stopped = true
      await Promise.all(all)
    },
  }
}
