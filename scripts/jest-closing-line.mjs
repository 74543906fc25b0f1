/** As `describeEngine` of packages/testing names what it skips: the engine, and the command that brings it. */
const FOR_AN_ENGINE = /^SKIPPED: no (\S+) here; `([^`]+)`/

const counted = (count, one, many) => `${count} ${count === 1 ? one : many}`

const skippedTitles = (results) =>
  results.testResults.flatMap((file) =>
    file.testResults.filter(({ status }) => status === 'pending').map(({ title }) => title),
  )

/** Which engines the skipped suites need and which commands bring them; undefined: nothing was skipped for an engine. */
export const skippedForEngines = (titles) => {
  const commands = new Map()
  for (const title of titles) {
    const [, engine, command] = FOR_AN_ENGINE.exec(title) ?? []
    if (engine === undefined) continue
    const engines = commands.get(command) ?? new Map()
    commands.set(command, engines.set(engine, (engines.get(engine) ?? 0) + 1))
  }
  if (commands.size === 0) return undefined
  const parts = [...commands].map(([command, engines]) => {
    const needs = [...engines].map(
      ([engine, count]) => `${counted(count, 'suite needs', 'suites need')} ${engine}`,
    )
    return `${needs.join(', ')} (${command})`
  })
  return `SKIPPED, not passed: ${parts.join('; ')}`
}

// Jest's summary goes to stderr; whoever reads only stdout (CI) gets what was skipped for want of an engine, and one plain closing line.
export default class ClosingLine {
  onRunComplete(_contexts, results) {
    const failed = results.numFailedTests + results.numRuntimeErrorTestSuites
    const skipped = results.numPendingTests + results.numTodoTests
    const engines = skippedForEngines(skippedTitles(results))
    if (engines !== undefined) process.stdout.write(`\n${engines}\n`)
    process.stdout.write(`\n${results.numPassedTests} passed, ${failed} failed, ${skipped} skipped\n`)
  }
}
