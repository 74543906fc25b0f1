import type { Attempted } from '../../crash/storefront.ts'
import type { ChainSeen, Enrolled, History } from '../history/history.ts'

/** What the history says against the promises: each entry names one case. */
export type Violations = {
  /** Answered 2xx, and never done (promise 1); or a record that could not be read and was not set aside (promise 5). */
  readonly lost: readonly string[]
  /** Done more than once (promise 2). */
  readonly doubled: readonly string[]
  /** Done although it must not be, or refused although it was sound. */
  readonly wrong: readonly string[]
  /** Done in another order than it was handed in, within one key (promise 3). */
  readonly disordered: readonly string[]
  /** Done, but nobody was told of it: an event or the gateway's picture is missing (promise 4). */
  readonly silent: readonly string[]
  /** Still under way although nothing moves any more (promise 5). */
  readonly stuck: readonly string[]
  /** Records whose fate nobody knows (promise 6). */
  readonly drift: number
}

const isAscending = (numbers: readonly number[]): boolean =>
  numbers.every((number, index) => index === 0 || number > (numbers[index - 1] ?? 0))

/** Requests of an order that each bring something new to be placed: titan brings line by line. */
const placements = ({ courses }: Attempted): number => Math.max(courses.length, 1)

type Found = { readonly [kind in keyof Omit<Violations, 'stuck' | 'drift'>]: string[] }

const checkEnrollments = (order: Attempted, done: readonly Enrolled[], accepted: boolean, found: Found) => {
  const { orderNumber, courses } = order
  const counts = new Map(courses.map((course) => [course, 0]))
  for (const { courseId } of done) {
    const count = counts.get(courseId)
    if (count === undefined) found.wrong.push(`${orderNumber} was enrolled in ${courseId}`)
    else counts.set(courseId, count + 1)
  }
  for (const [course, count] of counts) {
    if (accepted && count === 0) found.lost.push(`${orderNumber} ${course}`)
    if (count > 1) found.doubled.push(`${orderNumber} ${course} ${count} times`)
  }
  const places = [...new Set(done.map(({ courseId }) => courses.indexOf(courseId)))]
  if (!isAscending(places)) found.disordered.push(`${orderNumber} lines ${places.map((at) => at + 1).join()}`)
}

const checkTelling = (order: Attempted, history: History, accepted: boolean, found: Found) => {
  const { orderNumber, hopeless } = order
  const placed = history.placed.get(orderNumber) ?? 0
  const fulfilled = history.fulfilled.get(orderNumber) ?? 0
  if (placed > placements(order)) found.doubled.push(`${orderNumber} placed ${placed} times`)
  if (fulfilled > (hopeless ? 0 : placements(order)))
    found.doubled.push(`${orderNumber} fulfilled ${fulfilled} times`)
  if (!accepted) return
  if (!hopeless && fulfilled < placements(order)) found.silent.push(`${orderNumber} not told as fulfilled`)
  const [shown, expected] = [history.shown.get(orderNumber), hopeless ? 'failed' : 'fulfilled']
  if (shown !== expected) found.silent.push(`${orderNumber} is shown as ${shown ?? 'unknown'}`)
}

const checkOrders = (history: History, found: Found): void => {
  const byOrder = Map.groupBy(history.enrolled, ({ orderNumber }) => orderNumber)
  const refused = new Set(history.refused)
  const check = (accepted: boolean) => (order: Attempted) => {
    const { orderNumber, hopeless } = order
    checkEnrollments(order, byOrder.get(orderNumber) ?? [], accepted, found)
    checkTelling(order, history, accepted, found)
    if (hopeless && accepted && !refused.has(orderNumber))
      found.lost.push(`${orderNumber}, which can't be fulfilled, is no dead letter`)
    if (!hopeless && refused.has(orderNumber)) found.wrong.push(`${orderNumber} is a dead letter`)
  }
  history.accepted.forEach(check(true))
  history.unsure.forEach(check(false))
}

const checkChain = ({ chain, accepted, unsure, counted, announced }: ChainSeen, found: Found): void => {
  const once = [...new Set(counted)]
  const most = accepted + (unsure ? 1 : 0)
  for (let link = 1; link <= accepted; link++)
    if (!once.includes(link)) found.lost.push(`${chain} link ${link}`)
  for (const link of once) {
    const times = counted.filter((other) => other === link).length
    if (times > 1) found.doubled.push(`${chain} link ${link} ${times} times`)
    if (link > most) found.wrong.push(`${chain} link ${link} was never handed in`)
    if (!announced.includes(link)) found.silent.push(`${chain} link ${link} not told as counted`)
  }
  if (!isAscending(once)) found.disordered.push(`${chain} links ${once.join()}`)
}

/** Compares what the outside was told with what was done. Pure, so that it can itself be tested. */
export const check = (history: History): Violations => {
  const found: Found = { lost: [], doubled: [], wrong: [], disordered: [], silent: [] }
  checkOrders(history, found)
  for (const chain of history.chains) checkChain(chain, found)
  const refused = new Set(history.chains.map(({ chain }) => chain))
  for (const key of history.refused) if (refused.has(key)) found.wrong.push(`${key} is a dead letter`)
  const { found: setAside, expected } = history.unreadable
  if (setAside < expected) found.lost.push(`${expected - setAside} unreadable records are no dead letters`)
  if (setAside > expected) found.doubled.push(`${setAside - expected} dead letters too many`)
  found.wrong.push(...history.charges)
  return { ...found, stuck: history.underWay, drift: history.drift }
}

/** How many there are of each kind. */
export const countViolations = (violations: Violations): Readonly<Record<keyof Violations, number>> => ({
  lost: violations.lost.length,
  doubled: violations.doubled.length,
  wrong: violations.wrong.length,
  disordered: violations.disordered.length,
  silent: violations.silent.length,
  stuck: violations.stuck.length,
  drift: violations.drift,
})

/** Whether every promise was kept. */
export const isClean = (violations: Violations): boolean =>
  Object.values(countViolations(violations)).every((count) => count === 0)
