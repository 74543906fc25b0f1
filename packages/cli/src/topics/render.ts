import type { TopicChange, TopicPlan } from '@commerce-mesh/mesh'
import { layTable } from '../terminal/table.ts'

const lineOf = ({ what, has, wants, does }: TopicChange['details'][number]): string =>
  `${what} ${has ?? 'nothing'} -> ${wants}: ${does}`

const recipeOf = ({ details }: TopicChange): string =>
  details.map(({ what, wants }) => `${what} ${wants}`).join(', ')

const rowsOf = ({ topic, action, details }: TopicChange): string[][] => {
  if (action === 'create') return [[topic, action]]
  const [first = '', ...rest] = details.map(lineOf)
  return [[topic, action === 'none' ? 'as it is' : action, first], ...rest.map((line) => ['', '', line])]
}

/** Whether applying the plan changes something, or a person has to. */
export const isOpen = ({ action }: TopicChange): boolean => action !== 'none'

/** The plan as lines: every topic that differs, then how many there are of each kind. */
export const renderPlan = (plan: TopicPlan): readonly string[] => {
  const told = plan.filter(({ action, details }) => action !== 'none' || details.length > 0)
  const counts = Map.groupBy(plan.filter(isOpen), ({ action }) => action)
  const parts = [...counts].map(([action, changes]) => `${changes.length} ${action}`)
  const well = plan.length - plan.filter(isOpen).length
  // Topics are made alike; said once, it can be read.
  const recipes = new Set(plan.filter(({ action }) => action === 'create').map(recipeOf))
  return [
    ...layTable(told.flatMap(rowsOf)),
    ...[...recipes].map((recipe) => `create: with ${recipe}`),
    `${plan.length} topics: ${[`${well} as they should be`, ...parts].join(', ')}`,
  ]
}
