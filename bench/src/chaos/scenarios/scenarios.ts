import { boundaries } from './boundaries.ts'
import { broker, brokerRebalance } from './broker.ts'
import { kills } from './kills.ts'
import { poison } from './poison.ts'
import { rebalances } from './rebalances.ts'
import type { Scenario } from './scenario.ts'
import { store } from './store.ts'
import { threeBrokers } from './three-brokers.ts'
import { zombie } from './zombie.ts'

/** Every way to break a world, in the order in which they are run. */
export const SCENARIOS: readonly Scenario[] = [
  kills,
  boundaries,
  rebalances,
  broker,
  brokerRebalance,
  store,
  poison,
  zombie,
  threeBrokers,
]
