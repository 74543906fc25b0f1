import type { Attributes } from '../cloud-events/attributes.ts'
import type { Draft } from '../cloud-events/draft.ts'
import type { EventFormatKind, Finding } from '../cloud-events/format-error.ts'
import { EventFormatError } from '../cloud-events/format-error.ts'
import { FormatReport } from '../cloud-events/format-report.ts'
import { readStructured } from '../cloud-events/json-format.ts'
import { isSubject } from '../cloud-events/syntax.ts'
import type { EventContract } from '../event.ts'
import { producerFault, producerOf, type ProducerGrants } from '../producer/producer.ts'
import { CONTRACTS } from '../registry.ts'
import { checkData } from '../validation/validate.ts'
import { type KnownContracts, unknownTypeMessage } from './unknown-type.ts'

/** What events are held against. */
export type JudgeRules = {
  /** By event type. */
  readonly contracts: KnownContracts
  /** Who besides the owners may emit what. Absent: it is not known, and nobody is refused for it. */
  readonly grants?: ProducerGrants
  /** The `source` that the event will be published under, where it is not the one that it has. */
  readonly as?: string
}

/** What a record that carries an event would get in the mesh: it is taken, or it becomes a dead letter of this class. */
export type Verdict =
  | {
      readonly verdict: 'ok'
      readonly type: string
      readonly id: string
      /** The record key that the contract makes of the data. */
      readonly key: string
      /** A service's name, or the source of anybody else. */
      readonly producer: string
    }
  | {
      readonly verdict: EventFormatKind
      /** Everything that can be told, at most 100 and one that counts the rest. They hold no value of the data. */
      readonly findings: readonly Finding[]
      /** What the event says of itself, as far as it can be said again. */
      readonly type?: string
      readonly id?: string
      readonly producer?: string
    }

const OURS: JudgeRules = { contracts: new Map(CONTRACTS.map((contract) => [contract.type, contract])) }

const identityOf = ({ id, type, source }: Partial<Attributes>, as: string | undefined) => {
  const producer = as ?? source
  return {
    ...(type !== undefined && isSubject(type) && { type }),
    ...(id !== undefined && isSubject(id) && { id }),
    ...(producer !== undefined && isSubject(producer) && { producer: producerOf(producer) }),
  }
}

/** The record key; undefined where the data can't be checked or breaks its contract. */
const keyOf = (contract: EventContract, data: unknown, report: FormatReport): string | undefined => {
  const before = report.count
  try {
    return checkData(contract, data, ['data'], report)?.key
  } catch {
    // A rule of a contract that throws is nothing that the sender could mend, and its words may quote the data.
    if (before === 0) report.poison('data', 'could not be checked: its contract fails on it')
    return undefined
  }
}

const checkKey = (key: string, { attributes }: Draft, report: FormatReport): void => {
  if (!isSubject(key)) report.breach('data', 'its record key can’t be an event’s subject')
  const { partitionkey = key } = attributes.extensions ?? {}
  if (partitionkey !== key)
    report.breach('partitionkey', 'is not the record key that the contract makes of the data')
}

const checkProducer = (
  contract: EventContract,
  source: string | undefined,
  grants: ProducerGrants | undefined,
  report: FormatReport,
): void => {
  const fault =
    source === undefined || grants === undefined ? undefined : producerFault(contract, source, grants)
  if (fault !== undefined) report.breach(fault.path, fault.message)
}

const readOf = (text: string | Uint8Array, report: FormatReport) => {
  try {
    return readStructured(text, report)
  } catch (thrown) {
    if (thrown instanceof EventFormatError) return undefined
    throw thrown
  }
}

/**
 * The verdict that an event would get as a record in the mesh, before it is sent. Never throws: whatever the text holds, there
 * is an answer, with everything that is wrong with attributes, data, key and producer at once.
 *
 * @param text - one event in the JSON event format (structured mode), text or bytes.
 * @param rules - default: the contracts of this package, with no look at who may emit.
 *
 * @example
 * const verdict = judgeEvent(toStructured(event))
 * if (verdict.verdict !== 'ok') for (const { path, message } of verdict.findings) console.error(path, message)
 */
export const judgeEvent = (
  text: string | Uint8Array,
  { contracts, grants, as }: JudgeRules = OURS,
): Verdict => {
  const report = new FormatReport()
  const read = readOf(text, report)
  if (read === undefined) return { verdict: report.kind, findings: report.findings }
  const { draft, data, isDataRead } = read
  const { type, id = '', source } = draft.attributes
  const contract = type === undefined ? undefined : contracts.get(type)
  if (contract === undefined) {
    if (type !== undefined && isSubject(type)) report.breach('type', unknownTypeMessage(type, contracts))
    return { verdict: report.kind, findings: report.findings, ...identityOf(draft.attributes, as) }
  }
  const key = isDataRead ? keyOf(contract, data, report) : undefined
  if (key !== undefined) checkKey(key, draft, report)
  checkProducer(contract, as ?? source, grants, report)
  return key === undefined || report.count > 0
    ? { verdict: report.kind, findings: report.findings, ...identityOf(draft.attributes, as) }
    : { verdict: 'ok', type: contract.type, id, key, producer: producerOf(as ?? source ?? '') }
}
