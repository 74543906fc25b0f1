export * from './collector.ts'
export * from './span.ts'
export * from './span-tree.ts'
