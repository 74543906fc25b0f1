import { LineCounter, isAlias, isMap, isScalar, isSeq, parseDocument } from 'yaml'
import type { Document, Node, Pair, Scalar } from 'yaml'
import { resolveReferences } from './env-reference.ts'
import type { Environment } from './env-reference.ts'
import { CONFIG_FINDINGS } from '../finding/finding.ts'
import type { ConfigCode, Finding, Place } from '../finding/finding.ts'
import { pathText } from '../finding/path.ts'
import type { Path } from '../finding/path.ts'
import { syntaxMessage } from './yaml-syntax.ts'

/** One value of the file and where it stands. */
export type Entry = {
  readonly path: Path
  /** Where the key stands; for list items and the document, where the value stands. */
  readonly key: Place
  readonly value: Place
  /** Set where the value refers to the environment. */
  readonly env?: {
    /** What of the value stands in the file: text besides references, and defaults that were taken. */
    readonly written: string
    /** References alone, and nothing came of them: `${NAME:-}` of a variable that is not set. */
    readonly empty: boolean
  }
  readonly scalar: boolean
}

/** A YAML text with its references filled in and the place of every value. */
export type YamlSource = {
  readonly value: unknown
  readonly entries: ReadonlyMap<string, Entry>
  readonly findings: readonly Finding[]
}

/** More values than any configuration has; guards against aliases that multiply. */
const MOST_VALUES = 20_000

/** Deeper than any configuration goes; an alias that contains itself has no end. */
const MOST_LEVELS = 32

type Reading = {
  readonly document: Document
  readonly lines: LineCounter
  readonly env: Environment
  readonly entries: Map<string, Entry>
  readonly filled: Map<Scalar, Entry['env']>
  readonly report: (code: ConfigCode, at: Place, path: Path, message: string, fix?: string) => void
}

const placeOf = ({ lines }: Reading, offset: number | undefined): Place => {
  const { line, col } = lines.linePos(offset ?? 0)
  return { line: Math.max(line, 1), column: Math.max(col, 1) }
}

/** What stands behind a stray `${` may be part of a secret; only what looks like a variable's name is repeated. */
const nameable = (bad: string): string => (/^\$\{[A-Z][A-Z0-9_]*\}?$/.test(bad) ? `'${bad}'` : 'a ${ here')

const fillIn = (reading: Reading, node: { value: unknown }, at: Place, path: Path): Entry['env'] => {
  if (typeof node.value !== 'string' || !node.value.includes('${')) return undefined
  const resolved = resolveReferences(node.value, reading.env)
  for (const bad of resolved.malformed)
    reading.report(
      'MESH_CONFIG_ENV_SYNTAX',
      at,
      path,
      `${nameable(bad)} is not a reference to an environment variable.`,
    )
  for (const name of resolved.missing) {
    reading.report(
      'MESH_CONFIG_ENV_MISSING',
      at,
      path,
      `the environment variable ${name} is not set, or is empty.`,
      `Set ${name}, or write \${${name}:-default}.`,
    )
  }
  node.value = resolved.text
  const empty = resolved.text === '' && resolved.missing.length === 0
  return resolved.names.length > 0 ? { written: resolved.written, empty } : undefined
}

/** Aliases bring the same scalar again, already filled in. */
const fillInOnce = (reading: Reading, scalar: Scalar, at: Place, path: Path): Entry['env'] => {
  if (!reading.filled.has(scalar)) reading.filled.set(scalar, fillIn(reading, scalar, at, path))
  return reading.filled.get(scalar)
}

const read = (reading: Reading, node: Node, key: Place, path: Path): void => {
  if (reading.entries.size >= MOST_VALUES || path.length > MOST_LEVELS) {
    throw new RangeError(
      `more than ${MOST_VALUES} values or ${MOST_LEVELS} levels; does an alias contain itself?`,
    )
  }
  const target = isAlias(node) ? node.resolve(reading.document) : node
  if (target === undefined) return
  const value = placeOf(reading, node.range?.[0])
  const env = isScalar(target) ? fillInOnce(reading, target, value, path) : undefined
  reading.entries.set(pathText(path), { path, key, value, scalar: isScalar(target), ...(env && { env }) })
  if (isMap(target)) {
    const pairs = target.items as Pair<Node, Node | null>[]
    for (const pair of pairs) readPair(reading, pair, path)
    target.items = pairs.filter((pair) => !isLeftOut(reading, pair, path))
  }
  if (isSeq(target)) {
    target.items.forEach((item, index) =>
      read(reading, item as Node, placeOf(reading, (item as Node).range?.[0]), [...path, index]),
    )
  }
}

const nameOfKey = ({ key }: Pair<Node, Node | null>): string => String(isScalar(key) ? key.value : key)

/** A key whose value is `${NAME:-}` of an unset variable counts as not written. An anchor stays: aliases need it. */
const isLeftOut = ({ entries }: Reading, pair: Pair<Node, Node | null>, path: Path): boolean =>
  entries.get(pathText([...path, nameOfKey(pair)]))?.env?.empty === true &&
  !(isScalar(pair.value) && pair.value.anchor !== undefined)

const readPair = (reading: Reading, pair: Pair<Node, Node | null>, path: Path): void => {
  const name = nameOfKey(pair)
  const at = placeOf(reading, pair.key.range?.[0])
  if (pair.value === null)
    reading.entries.set(pathText([...path, name]), {
      path: [...path, name],
      key: at,
      value: at,
      scalar: true,
    })
  else read(reading, pair.value, at, [...path, name])
}

/** Reads a YAML text: fills in references to the environment and keeps where everything stands. */
export const readYaml = (text: string, file: string, env: Environment): YamlSource => {
  const lines = new LineCounter()
  const document = parseDocument(text, {
    lineCounter: lines,
    prettyErrors: false,
    uniqueKeys: true,
    stringKeys: true,
  })
  const findings: Finding[] = []
  const entries = new Map<string, Entry>()
  const report: Reading['report'] = (code, at, path, message, fix = CONFIG_FINDINGS[code].action) =>
    void findings.push({ code, severity: 'error', file, ...at, path: pathText(path), message, fix })
  const reading: Reading = { document, lines, env, entries, filled: new Map(), report }
  for (const problem of document.errors) {
    const code = problem.code === 'DUPLICATE_KEY' ? 'MESH_CONFIG_DUPLICATE_KEY' : 'MESH_CONFIG_YAML'
    report(code, placeOf(reading, problem.pos[0]), [], syntaxMessage(problem.code))
  }
  if (findings.length > 0 || document.contents === null) return { value: undefined, entries, findings }
  try {
    read(reading, document.contents, { line: 1, column: 1 }, [])
    return { value: document.toJS({ maxAliasCount: 100 }), entries, findings }
  } catch (thrown) {
    if (!Error.isError(thrown)) throw thrown
    const message = `an alias contains itself or leads nowhere, or there are more than ${MOST_VALUES} values or ${MOST_LEVELS} levels.`
    report('MESH_CONFIG_YAML', { line: 1, column: 1 }, [], message)
    return { value: undefined, entries, findings }
  }
}
