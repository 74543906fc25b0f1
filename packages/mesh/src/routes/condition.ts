/** A value that a condition compares with. */
export type Scalar = string | number | boolean | null

/**
 * A condition over an event's data, as a route writes it. `field` is a dotted path; `*` stands for each item of a list or value
 * of a record, and the condition holds where one of them fits. A field that is absent or null does not exist.
 */
export type Condition =
  | { readonly field: string; readonly equals: Scalar }
  | { readonly field: string; readonly in: readonly Scalar[] }
  | { readonly field: string; readonly prefix: string }
  | { readonly field: string; readonly exists: boolean }
  | { readonly all: readonly Condition[] }
  | { readonly any: readonly Condition[] }
  | { readonly not: Condition }

const valuesAt = (value: unknown, [segment, ...rest]: readonly string[]): readonly unknown[] => {
  if (segment === undefined) return [value]
  if (typeof value !== 'object' || value === null) return []
  if (segment === '*') return Object.values(value).flatMap((item) => valuesAt(item, rest))
  return Object.hasOwn(value, segment) ? valuesAt(Reflect.get(value, segment), rest) : []
}

const test = (field: string, fits: (value: unknown) => boolean) => {
  const path = field.split('.')
  return (data: unknown) => valuesAt(data, path).some(fits)
}

/** Makes a condition into a function of an event's data. Pure, and never throws. */
export const compileCondition = (condition: Condition): ((data: unknown) => boolean) => {
  if ('all' in condition) {
    const parts = condition.all.map(compileCondition)
    return (data) => parts.every((holds) => holds(data))
  }
  if ('any' in condition) {
    const parts = condition.any.map(compileCondition)
    return (data) => parts.some((holds) => holds(data))
  }
  if ('not' in condition) {
    const holds = compileCondition(condition.not)
    return (data) => !holds(data)
  }
  if ('equals' in condition) return test(condition.field, (value) => value === condition.equals)
  if ('in' in condition) {
    const wanted = new Set<unknown>(condition.in)
    return test(condition.field, (value) => wanted.has(value))
  }
  if ('prefix' in condition)
    return test(condition.field, (value) => typeof value === 'string' && value.startsWith(condition.prefix))
  const exists = test(condition.field, (value) => value !== undefined && value !== null)
  return (data) => exists(data) === condition.exists
}

/** The fields that a condition looks at. */
export const fieldsIn = (condition: Condition): readonly string[] => {
  if ('all' in condition) return condition.all.flatMap(fieldsIn)
  if ('any' in condition) return condition.any.flatMap(fieldsIn)
  return 'not' in condition ? fieldsIn(condition.not) : [condition.field]
}

/** Whether two paths may lead to the same value, or one to a part of what the other leads to. */
const overlap = (one: string, other: string): boolean => {
  const [left, right] = [one.split('.'), other.split('.')]
  return left.every((segment, nth) => {
    const facing = right[nth]
    return facing === undefined || segment === facing || segment === '*' || facing === '*'
  })
}

/**
 * A condition in words, for the journal and for people: `currency in USD, EUR`. What it compares personal fields with is
 * not told: whether it held would say something about a person (promise 11).
 *
 * @param personal - dotted paths of the personal fields.
 */
export const conditionText = (condition: Condition, personal: readonly string[] = []): string => {
  const inner = (one: Condition) => conditionText(one, personal)
  const grouped = (one: Condition) => ('all' in one || 'any' in one ? `(${inner(one)})` : inner(one))
  if ('all' in condition) return condition.all.map(grouped).join(' and ')
  if ('any' in condition) return condition.any.map(grouped).join(' or ') || 'never'
  if ('not' in condition) return `not (${inner(condition.not)})`
  const { field } = condition
  const hidden = personal.some((path) => overlap(path, field))
  const shown = (value: Scalar) => (hidden ? '[personal]' : String(value))
  if ('equals' in condition) return `${field} equals ${shown(condition.equals)}`
  if ('in' in condition) return `${field} in ${hidden ? '[personal]' : condition.in.map(String).join(', ')}`
  if ('prefix' in condition) return `${field} begins with ${shown(condition.prefix)}`
  return `${field} ${condition.exists ? 'exists' : 'does not exist'}`
}
