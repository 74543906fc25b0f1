import { type JudgeRules, judgeEvent } from '@commerce-mesh/contracts'
import { EXIT } from '../../command/exit-code.ts'
import type { ExitCode } from '../../command/exit-code.ts'
import type { Input } from '../../command/input.ts'
import type { Terminal } from '../../terminal/terminal.ts'
import { eventsOf } from './events.ts'
import { type EventInput, eventInputs } from './inputs.ts'
import { type RenderVerdict, renderJson, renderText } from './render.ts'
import { judgeRules } from './rules.ts'
import { type Tally, emptyTally, sumOf, summaryOf, totalOf } from './tally.ts'

/** Judges the events of one input and writes a verdict for each, those of a piece of it at once. */
const testInput = async (
  { name, open }: EventInput,
  rules: JudgeRules,
  render: RenderVerdict,
  { write }: Pick<Terminal, 'write'>,
): Promise<Tally> => {
  const tally = emptyTally()
  for await (const lines of eventsOf(open())) {
    let text = ''
    for (const { number, bytes } of lines) {
      const verdict = judgeEvent(bytes, rules)
      tally[verdict.verdict] += 1
      text += `${render(name, number, verdict)}\n`
    }
    await write(text)
  }
  return tally
}

/** Many lines and none of them decodable: more likely another form of file than a thousand broken events. */
const looksUnlike = (tally: Tally): boolean => tally.poison > 1 && tally.poison === totalOf(tally)

/**
 * `mesh contracts test`: exit code 1 where an event would become a dead letter.
 *
 * @throws ConfigError (MESH_CONFIG_INVALID), UsageError
 */
export const testContracts = async (input: Input, terminal: Terminal): Promise<ExitCode> => {
  const inputs = await eventInputs(input.arguments('FILES'), terminal)
  const rules = await judgeRules(input, terminal)
  const render = input.on('json') ? renderJson : renderText(terminal.paint)
  const started = performance.now()
  let tally = emptyTally()
  for (const one of inputs) {
    const found = await testInput(one, rules, render, terminal)
    if (looksUnlike(found))
      terminal.note(
        `No line of ${one.name} is an event by itself. Write each event on one line of its own: jq -c . does.`,
      )
    tally = sumOf(tally, found)
  }
  const isSound = tally.contract + tally.poison === 0
  const { green, red, dim } = terminal.notePaint
  terminal.note((isSound ? green : red)(summaryOf(tally, performance.now() - started)))
  if (rules.grants === undefined)
    terminal.note(
      dim(
        'Who may emit what was not looked at: there is no mesh.yaml here. Name that of the mesh with --config, or yourself with --as.',
      ),
    )
  return isSound ? EXIT.ok : EXIT.failed
}
