// `npm test` runs everything that needs no engine; `npm run test:engines` and `test:jaeger` run the rest.
// One kind alone: `npm test -- --testPathPatterns 'int\.spec'`.
export default {
  // Jest strips types itself (Node 24) as long as no transform claims `.ts`.
  extensionsToTreatAsEsm: ['.ts'],
  transform: {},
  testEnvironment: 'node',
  testMatch: ['<rootDir>/{packages,services,engines,bench,scripts}/**/*.spec.ts'],
  modulePathIgnorePatterns: ['/dist/', '/.turbo/', '<rootDir>/.engines/'],
  maxWorkers: 2,
  workerIdleMemoryLimit: '600MB',
  testTimeout: 60_000,
  coverageProvider: 'v8',
  collectCoverageFrom: ['{packages,services}/*/src/**/*.ts'],
  reporters: ['default', '<rootDir>/scripts/jest-closing-line.mjs'],
}
