import { countViolations, isClean } from '../check/check.ts'
import type { Conclusion } from '../run/run.ts'
import type { Figures } from '../scenarios/scenario.ts'

/** Most seconds that the intake may take to recover, and that a process may pause while others come and go. */
const TARGETS = { recoverySeconds: 10, pauseSeconds: 5 } as const

const NAME_WIDTH = 17

const column = (name: string): string => name.padEnd(NAME_WIDTH)

const whole = new Intl.NumberFormat('en')

const violationsInWords = ({ violations }: Conclusion): string => {
  const { disordered, ...counts } = countViolations(violations)
  return Object.entries({ ...counts, 'out of order': disordered })
    .map(([kind, count]) => `${kind} ${count}`)
    .join(', ')
}

/** Figures that are over their target, in words. */
export const missedTargets = (figures: Figures): string[] =>
  Object.entries(figures).flatMap(([name, value]) => {
    const most = name.startsWith('recovery')
      ? TARGETS.recoverySeconds
      : name.includes('paused')
        ? TARGETS.pauseSeconds
        : Infinity
    return value > most ? [`${name} ${value} is over ${most}`] : []
  })

/** One line for what a scenario came to. */
export const scenarioLine = (name: string, done: Conclusion & { readonly figures: Figures }): string => {
  const taken = `${whole.format(done.accepted)} orders and ${whole.format(done.links)} links accepted, ${done.unsure} unsure`
  const figures = Object.entries(done.figures).map(([figure, value]) => `${figure} ${value}`)
  const missed = missedTargets(done.figures).map((what) => `TARGET MISSED: ${what}`)
  const verdict = isClean(done.violations) ? 'ok  ' : 'FAIL'
  return [
    `${verdict} ${column(name)} ${taken}`,
    violationsInWords(done),
    ...(figures.length > 0 ? [figures.join(', ')] : []),
    ...missed,
  ].join(' | ')
}

/** One line for a mutation: what was found in the broken world, and that nothing was in the whole one. */
export const mutationLine = (
  name: string,
  { noticed, broken, control }: { noticed: boolean; broken: Conclusion; control: Conclusion | undefined },
): string => {
  const sound = control === undefined || isClean(control.violations)
  return [
    `${noticed && sound ? 'ok  ' : 'FAIL'} ${column(name)} ${noticed ? 'found' : 'NOT FOUND'}: ${violationsInWords(broken)}`,
    ...(control === undefined ? [] : [`the same without the defect: ${violationsInWords(control)}`]),
  ].join(' | ')
}
