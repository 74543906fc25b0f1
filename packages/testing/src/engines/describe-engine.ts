/** Engines that tests may ask for, and where their address comes from. */
const VARIABLES = {
  kafka: 'MESH_TEST_KAFKA',
  mongodb: 'MESH_TEST_MONGODB',
  jaeger: 'MESH_TEST_JAEGER',
} as const

/** A real engine that a test may need. */
export type EngineName = keyof typeof VARIABLES

type Runner = { (name: string, body: () => void): unknown }
type Described = Runner & { skip: Runner }
type Tested = { skip(name: string, body: () => void): unknown }

/** Address of a running engine, as `npm run test:engines` hands it down; undefined: none runs. */
export const engineAddress = (engine: EngineName): string | undefined => {
  const address = process.env[VARIABLES[engine]]
  return address === '' ? undefined : address
}

/**
 * Registers tests that need a real engine. Without the engine they count as skipped, and say why: a suite that is
 * silently absent would look like one that passed.
 *
 * @param body - registers the tests; gets the engine's address.
 */
export const describeEngine = (engine: EngineName, title: string, body: (address: string) => void): void => {
  const { describe, it } = globalThis as unknown as { describe: Described; it: Tested }
  const address = engineAddress(engine)
  if (address !== undefined) {
    describe(title, () => body(address))
    return
  }
  const how = engine === 'jaeger' ? '`npm run test:jaeger`' : '`npm run test:engines`'
  describe(title, () => {
    it.skip(`SKIPPED: no ${engine} here; ${how} brings one (${VARIABLES[engine]})`, () => {})
  })
}
