import { describeType } from '@commerce-mesh/mesh'
import type { JsonSchema } from '@commerce-mesh/mesh'

/** One line of the configuration reference. */
export type Setting = {
  /** `retry.maxMs`, `callers[].name`. */
  readonly path: string
  readonly type: string
  /** As it would be written; undefined where there is none. */
  readonly preset: string | undefined
  readonly required: boolean
  readonly secret: boolean
  readonly about: string
}

const below = (schema: JsonSchema, path: string): readonly Setting[] => [
  ...settingsOf(schema, path),
  ...(schema.items === undefined ? [] : below(schema.items, `${path}[]`)),
  ...[...(schema.anyOf ?? []), ...(schema.oneOf ?? [])].flatMap((one) => below(one, path)),
]

/** Every setting of a section, nested ones after their section; each path once. */
export const settingsOf = (schema: JsonSchema, at = ''): readonly Setting[] => {
  const found = Object.entries(schema.properties ?? {}).flatMap(([name, value]): readonly Setting[] => {
    const path = at === '' ? name : `${at}.${name}`
    const isSection =
      typeof value.default === 'object' && value.default !== null && !Array.isArray(value.default)
    const own: Setting = {
      path,
      type: describeType(value),
      preset: value.default === undefined || isSection ? undefined : JSON.stringify(value.default),
      required: schema.required?.includes(name) ?? false,
      secret: value.secret === true,
      about: value.description ?? '',
    }
    return [own, ...below(value, path)]
  })
  return found.filter(({ path }, index) => found.findIndex((other) => other.path === path) === index)
}
