export * from './finding.ts'
export { describeType } from './json-schema.ts'
export type { JsonSchema } from './json-schema.ts'
