export { given, type Given } from './given.ts'
export type { Emitted, Then, ThenExhausted } from './then.ts'
