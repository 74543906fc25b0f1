import type { Command } from '../command/command.ts'
import { audit } from './audit.ts'
import { contractsCheck, contractsPublish } from './contracts.ts'
import { contractsSample } from './contracts-sample.ts'
import { contractsTest } from './contracts-test.ts'
import { deadDiscard, deadList, deadRedrive, deadShow } from './dead.ts'
import { explain } from './explain.ts'
import { graph } from './graph.ts'
import { orderPlace } from './order-place.ts'
import { pluginNew } from './plugin.ts'
import { run } from './run.ts'
import { sandboxLms } from './sandbox-lms.ts'
import { status } from './status.ts'
import { token } from './token.ts'
import { topicsApply, topicsPlan } from './topics.ts'
import { trace } from './trace.ts'
import { up } from './up.ts'
import { validate } from './validate.ts'
import { version } from './version.ts'

/** Every command, in the order of `mesh help`. The code behind them loads when one is run. */
export const COMMANDS: readonly Command[] = [
  up,
  run,
  orderPlace,
  trace,
  status,
  deadList,
  deadShow,
  deadRedrive,
  deadDiscard,
  audit,
  graph,
  explain,
  contractsCheck,
  contractsPublish,
  contractsTest,
  contractsSample,
  topicsPlan,
  topicsApply,
  validate,
  pluginNew,
  token,
  sandboxLms,
  version,
]
