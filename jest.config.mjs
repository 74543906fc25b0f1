// `npm test` runs everything. One kind alone: `npm test -- --testPathPatterns 'int\.spec'`.
export default {
  // Jest strips types itself (Node 24) as long as no transform claims `.ts`.
  extensionsToTreatAsEsm: ['.ts'],
  transform: {},
  testEnvironment: 'node',
  testMatch: ['<rootDir>/{packages,services,bench,scripts}/**/*.spec.ts'],
  modulePathIgnorePatterns: ['/dist/', '/.turbo/'],
  maxWorkers: 2,
  workerIdleMemoryLimit: '600MB',
  testTimeout: 60_000,
  coverageProvider: 'v8',
  collectCoverageFrom: ['{packages,services}/*/src/**/*.ts'],
  reporters: ['default', '<rootDir>/scripts/jest-closing-line.mjs'],
}
