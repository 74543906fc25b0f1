export * from './given/index.ts'
export * from './sandbox-lms/index.ts'
export * from './conformance/index.ts'
export * from './engines/index.ts'
