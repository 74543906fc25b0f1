import type { Finding } from '../cloud-events/format-error.ts'
import { shownName } from '../cloud-events/format-report.ts'
import type { Issue } from './issue-message.ts'
import { messageOf } from './issue-message.ts'

type Path = readonly PropertyKey[]

const valueAt = (data: unknown, path: Path): unknown => {
  let value = data
  for (const key of path) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) return undefined
    value = Reflect.get(value, key)
  }
  return value
}

const dotted = (path: Path): string => path.map((key) => shownName(String(key))).join('.')

/**
 * The findings of one zod issue: dotted paths such as `lines.0.courseId`, and messages without values (promise 11).
 *
 * @param data - what was validated; looked into so that no message repeats it.
 * @param root - path of `data` within the event; empty for none.
 */
export const findingsOf = (issue: Issue, data: unknown, root: Path): readonly Finding[] => {
  const path = [...root, ...issue.path]
  if (issue.code !== 'unrecognized_keys') {
    return [{ path: dotted(path), message: messageOf(issue, valueAt(data, issue.path)) }]
  }
  return issue.keys.map((key) => ({
    path: dotted([...path, key]),
    message: 'is not a field of the contract',
  }))
}
