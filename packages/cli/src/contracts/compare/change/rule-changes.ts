import { changeAt } from './change.ts'
import type { Change, Spot } from './change.ts'
import { valueText } from './words.ts'

const differences = (old: readonly string[], next: readonly string[]) => ({
  lost: old.filter((rule) => !next.includes(rule)),
  found: next.filter((rule) => !old.includes(rule)),
})

/** What happened to rules that can't be looked into, in words. */
export const ruleWords = (old: readonly string[], next: readonly string[]): readonly string[] => {
  const { lost, found } = differences(old, next)
  const [was, is] = [lost[0], found[0]]
  if (lost.length === 1 && found.length === 1 && was !== undefined && is !== undefined)
    return [`has the rule ${valueText(is)} in place of ${valueText(was)}`]
  return [
    ...found.map((rule) => `has the new rule ${valueText(rule)}`),
    ...lost.map((rule) => `no longer has the rule ${valueText(rule)}`),
  ]
}

const UNTOLD = 'no schema can say what a rule refuses'

/** Rules that came or went: those that came may refuse what was written, those that went may have refused what is written now. */
export const ruleChanges = (
  old: readonly string[],
  next: readonly string[],
  spot: Spot,
): readonly Change[] => {
  const { lost, found } = differences(old, next)
  if (lost.length === 0 && found.length === 0) return []
  return [
    changeAt(spot, {
      kind: 'rule',
      what: ruleWords(old, next).join('; '),
      relations: {
        newReaders: found.length > 0 ? 'unknown' : 'inside',
        oldReaders: lost.length > 0 ? 'unknown' : 'inside',
      },
      because: { newReaders: UNTOLD, oldReaders: UNTOLD },
      advice: 'Leave the rule and its words as they were, and check it where events are written',
    }),
  ]
}
