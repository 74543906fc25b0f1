import { eventually } from '@commerce-mesh/testing'
import { type Effect, type Verdict, judge } from './judge.ts'
import { type Sent, startShoppers } from './shoppers.ts'
import { type World, createWorld } from './world.ts'

/** What a crash run came to. */
export type CrashResult = Verdict & {
  readonly kills: number
  readonly accepted: number
  readonly unsure: number
  readonly drift: number
}

const SHOPPERS = 8
const SETTLE_MS = 120_000

const effectsOf = async (world: World): Promise<Effect[]> =>
  (await (await fetch(`${String(world.lms.ready['url'])}/_sandbox/effects`)).json()) as Effect[]

/** Records accepted by all services when nothing is on its way; undefined while something is. */
const acceptedAtRest = async (world: World): Promise<number | undefined> => {
  const { services } = await world.audit()
  const underWay = services.some(({ inFlight, waiting, unpublished }) => inFlight + waiting + unpublished > 0)
  return underWay ? undefined : services.reduce((sum, { accepted }) => sum + accepted, 0)
}

/** Waits until nothing is on its way any more, then compares with the LMS's record. */
const conclude = async (world: World, sent: Sent, kills: number): Promise<CrashResult> => {
  const atRest = async () => {
    await world.settled()
    const accepted = await acceptedAtRest(world)
    // One service is looked at after the other; what moved on in between shows in a second look.
    return accepted !== undefined && accepted === (await acceptedAtRest(world))
  }
  await eventually(atRest, { what: 'everything is settled', timeoutMs: SETTLE_MS })
  const verdict = judge(sent, await effectsOf(world))
  const { drift } = await world.audit()
  return { ...verdict, kills, accepted: sent.accepted.length, unsure: sent.unsure.length, drift }
}

/**
 * SIGKILLs the mesh at random moments under load.
 *
 * @param random - 0 to 1; injected so that a run can be repeated.
 */
export const killAtRandom = async (
  folder: string,
  kills: number,
  random: () => number,
  onKill: (nth: number) => void = () => {},
): Promise<CrashResult> => {
  const world = await createWorld(folder)
  try {
    await world.start()
    const shoppers = startShoppers(world.url, SHOPPERS)
    for (let nth = 1; nth <= kills; nth++) {
      await new Promise((resolve) => setTimeout(resolve, 30 + random() * 900))
      await world.kill()
      onKill(nth)
      await world.start()
    }
    await shoppers.stop()
    return await conclude(world, shoppers.sent, kills)
  } finally {
    await world.close()
  }
}

/**
 * Kills the mesh at one durable boundary, the `hit`th time that it is passed under load.
 *
 * @throws Error when the boundary was never passed: then nothing was proved.
 */
export const killAtFailpoint = async (
  folder: string,
  failpoint: string,
  hit: number,
): Promise<CrashResult> => {
  const world = await createWorld(folder)
  try {
    await world.start(`${failpoint}:${hit}`)
    const shoppers = startShoppers(world.url, SHOPPERS)
    await eventually(() => !world.running(), { what: `the process dies at ${failpoint}`, timeoutMs: 60_000 })
    await world.gone()
    await world.start()
    const before = shoppers.sent.accepted.length
    await eventually(() => shoppers.sent.accepted.length > before + SHOPPERS, {
      what: 'orders are taken again',
      timeoutMs: 60_000,
    })
    await shoppers.stop()
    return await conclude(world, shoppers.sent, 1)
  } finally {
    await world.close()
  }
}
