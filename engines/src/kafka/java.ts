import { existsSync } from 'node:fs'

/** What a broker runs from. */
export type KafkaKit = {
  /** The `java` program. */
  readonly java: string
  readonly classpath: string
  /** Archive of loaded classes (`-XX:SharedArchiveFile`). */
  readonly archive: string
}

const COMMON = ['-XX:TieredStopAtLevel=1', '-XX:+UseSerialGC', '-XX:-UsePerfData', '-Djava.awt.headless=true']

const shared = (archive: string): readonly string[] =>
  existsSync(archive) ? [`-XX:SharedArchiveFile=${archive}`, '-Xshare:auto'] : []

/** Arguments that start a broker. */
export const brokerArguments = (
  { classpath, archive }: KafkaKit,
  properties: string,
  archiving = false,
): readonly string[] => [
  '-Xms64m',
  '-Xmx256m',
  ...COMMON,
  ...(archiving ? [`-XX:ArchiveClassesAtExit=${archive}`] : shared(archive)),
  '-Dorg.slf4j.simpleLogger.defaultLogLevel=warn',
  '-Dorg.slf4j.simpleLogger.showDateTime=true',
  '-cp',
  classpath,
  'kafka.Kafka',
  properties,
]

/**
 * Arguments that format a broker's data folder.
 *
 * @param more - further ones of `kafka-storage format`.
 */
export const formatArguments = (
  { classpath, archive }: KafkaKit,
  properties: string,
  clusterId: string,
  more: readonly string[] = [],
): readonly string[] => [
  '-Xmx128m',
  ...COMMON,
  ...shared(archive),
  '-Dorg.slf4j.simpleLogger.defaultLogLevel=error',
  '-cp',
  classpath,
  'kafka.tools.StorageTool',
  'format',
  '-t',
  clusterId,
  '-c',
  properties,
  ...more,
]
