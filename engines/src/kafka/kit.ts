import { existsSync, mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs'
import path from 'node:path'
import { EngineError } from '../engine-error.ts'
import { lastLines, run } from '../process/run.ts'
import { withProgress } from '../progress.ts'
import type { Say } from '../progress.ts'
import { demand } from '../recipe/recipe.ts'
import { findJava, findMaven } from '../recipe/tools.ts'
import { withLock } from '../state/lock.ts'
import { makeArchive } from './archive.ts'
import type { KafkaKit } from './java.ts'

/** Release of Apache Kafka; pom.xml names the same. */
export const KAFKA_VERSION = '4.4.0'

const PLUGIN = 'org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy-dependencies'

const fetchJars = async (folder: string): Promise<void> => {
  const draft = `${folder}.draft`
  rmSync(draft, { recursive: true, force: true })
  const pom = path.join(import.meta.dirname, 'pom.xml')
  const args = ['-B', '-q', '-ntp', '-f', pom, PLUGIN, '-DincludeScope=runtime', `-DoutputDirectory=${draft}`]
  const { ok, output } = await run('mvn', args)
  if (!ok)
    throw new EngineError(
      `Maven could not fetch Kafka ${KAFKA_VERSION}:\n${lastLines(output)}`,
      'Check the network, and behind a proxy or mirror ~/.m2/settings.xml; then run the command again.',
      { exitCode: 3 },
    )
  renameSync(draft, folder)
}

const jarsIn = (folder: string): readonly string[] =>
  readdirSync(folder)
    .filter((name) => name.endsWith('.jar'))
    .toSorted()
    .map((name) => path.join(folder, name))

/**
 * Everything that a broker runs from: fetched the first time, with an archive of loaded classes that halves the start.
 *
 * @throws EngineError when programs are missing or Kafka can't be fetched.
 */
export const kafkaKit = async (recipes: string, say: Say): Promise<KafkaKit> => {
  const [java] = demand('Kafka', [await findJava()])
  const folder = path.join(recipes, 'kafka')
  const libs = path.join(folder, KAFKA_VERSION)
  // Java refuses an archive that another release of it made.
  const archive = path.join(folder, `classes-${KAFKA_VERSION}-java-${java?.version}.jsa`)
  const kit = () => ({ java: java?.command ?? '', classpath: jarsIn(libs).join(path.delimiter), archive })
  if (existsSync(archive)) return kit()
  mkdirSync(folder, { recursive: true })
  const waiting = (pid: number) => say(`Process ${pid} fetches Kafka already; waiting for it …`)
  return withLock(folder, waiting, async () => {
    if (!existsSync(libs)) {
      demand('Kafka', [await findJava(), await findMaven()])
      const line = {
        doing: `Fetching Kafka ${KAFKA_VERSION} with Maven (44 files, 43 MB)`,
        takes: 'once, up to a minute',
        done: 'Fetched',
      }
      await withProgress(say, line, () => fetchJars(libs))
    }
    if (!existsSync(archive)) {
      const line = {
        doing: 'Running Kafka once to archive its classes, so that it starts faster from now on',
        takes: 'about 10 s',
        done: 'Archived',
      }
      await withProgress(say, line, () => makeArchive(kit()))
    }
    return kit()
  })
}
