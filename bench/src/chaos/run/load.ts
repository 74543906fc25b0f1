import { type Answer, type Shoppers, startShoppers } from '../../crash/shoppers.ts'
import { nthOrder } from '../../crash/storefront.ts'
import type { World } from '../cluster/world.ts'
import { type LinkOptions, type Links, startLinks } from '../load/links.ts'

/** How much is sent, and what kind of links. */
export type Rates = {
  readonly ordersPerSecond: number
  readonly linksPerSecond: number
} & Partial<Pick<LinkOptions, 'walkers' | 'linksPerChain' | 'twice' | 'waits'>>

/** Orders and links that are sent until {@link Load.stop}. */
export type Load = {
  /** Answers of the gateway so far. */
  readonly answers: readonly Answer[]
  /** Requests that the gateway answered 2xx so far. */
  taken(): number
  /** Orders and links that were answered 2xx so far. */
  accepted(): number
  stop(): Promise<void>
}

const SHOPPERS = 8
const WALKERS = 6
/** Longer than anything is down. */
const INSIST_MS = 60_000

/** Starts walkers at the service that counts chains, and shoppers at the gateway where there is one. Loads of one world differ in `nth`. */
export const startLoad = (
  world: World,
  nth: number,
  { ordersPerSecond, linksPerSecond, ...links }: Rates,
): Load & { readonly shoppers: Shoppers; readonly links: Links } => {
  const answers: Answer[] = []
  const prefix = `${world.name}${nth}`
  const hasShop = world.services.includes('gateway')
  const url = hasShop ? world.replica('gateway').url : ''
  const shoppers = startShoppers(url, hasShop ? SHOPPERS : 0, {
    orderOf: (order) => nthOrder(order, { prefix, lines: 3 }),
    perSecond: ordersPerSecond,
    insistMs: INSIST_MS,
    answerWithinMs: 30_000,
    afterRefusalMs: 1_000,
    onAnswer: (answer) => answers.push(answer),
  })
  const walkers = startLinks({
    prefix,
    // A stopped process takes a connection and never answers; what it was sent it would publish when it wakes.
    urls: () =>
      world.replicas.filter(({ service, frozen }) => service === 'chains' && !frozen()).map(({ url }) => url),
    walkers: WALKERS,
    linksPerChain: 8,
    perSecond: linksPerSecond,
    twice: true,
    waits: (chain, link) => (chain + link) % 5 === 0,
    insistMs: INSIST_MS,
    ...links,
  })
  return {
    answers,
    shoppers,
    links: walkers,
    taken: () => answers.filter(({ status }) => status >= 200 && status < 300).length,
    accepted: () =>
      shoppers.sent.accepted.length + walkers.sent.reduce((sum, { accepted }) => sum + accepted, 0),
    stop: async () => void (await Promise.all([shoppers.stop(), walkers.stop()])),
  }
}
