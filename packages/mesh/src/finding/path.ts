/** Path of a setting, as zod gives it. */
export type Path = readonly PropertyKey[]

/** Dotted path for people and for maps. */
export const pathText = (path: Path): string => path.map(String).join('.')
