import { CONTRACTS, fromKafka, redact } from '@commerce-mesh/contracts'
import { CATALOGUE } from '@commerce-mesh/mesh'
import type { CatalogueEntry, DeadLetter } from '@commerce-mesh/mesh'
import { plainCall } from '../terminal/call.ts'
import type { Call } from '../terminal/call.ts'
import type { Paint } from '../terminal/paint.ts'
import { layTable } from '../terminal/table.ts'

/** Meaning of each class, for people. */
const CLASSES: Readonly<Record<DeadLetter['class'], string>> = {
  contract: 'breaks its schema',
  poison: 'can’t be decoded',
  permanent: 'the other side, or the business rule, says no',
  exhausted: 'the retry time ran out',
}

/** Open letters as a table; one line each. */
export const renderList = (letters: readonly DeadLetter[], paint: Paint): readonly string[] => {
  if (letters.length === 0) return ['No dead letters.']
  const rows = letters.map(({ id, recordedAt, class: kind, service, key, code, attempts }) => [
    id,
    recordedAt.slice(0, 19) + 'Z',
    kind,
    service,
    key ?? '-',
    attempts,
    code,
  ])
  const [head = '', ...lines] = layTable([
    ['id', 'since', 'class', 'service', 'order', 'attempts', 'code'],
    ...rows,
  ])
  return [paint.dim(head), ...lines]
}

const decoded = (letter: DeadLetter): { readonly data: unknown } | undefined => {
  const { headers, value } = letter.record
  try {
    const event = fromKafka({ ...headers }, value === null ? null : Buffer.from(value, 'base64'))
    return { data: event.data }
  } catch {
    return undefined
  }
}

const recordLines = (letter: DeadLetter, personal: boolean): readonly string[] => {
  const bytes = Buffer.from(letter.record.value ?? '', 'base64')
  const event = decoded(letter)
  if (event === undefined) {
    const shown = personal
      ? [`  ${bytes.toString('latin1').replaceAll(/[^\x20-\x7E]/g, '.')}`]
      : ['  (hidden: it can’t be decoded, so nobody can tell what in it is personal; --personal shows it)']
    return [`${bytes.length} bytes:`, ...shown]
  }
  const contract = CONTRACTS.find(({ type }) => type === letter.record.topic)
  const data = personal
    ? event.data
    : contract === undefined
      ? '[hidden: no contract says what in it is personal]'
      : redact(contract, event.data)
  return JSON.stringify(data, undefined, 2)
    .split('\n')
    .map((line) => `  ${line}`)
}

const adviceOf = (code: string): CatalogueEntry | undefined =>
  Object.entries<CatalogueEntry>(CATALOGUE).find(([known]) => known === code)?.[1]

const facts = (letter: DeadLetter): readonly (readonly string[])[] => [
  [
    'status',
    letter.status +
      (letter.closedAt === undefined ? '' : `, ${letter.closedAt} by ${letter.closedBy ?? 'unknown'}`),
  ],
  ...(letter.note === undefined ? [] : [['note', letter.note]]),
  ['class', `${letter.class}: ${CLASSES[letter.class]}`],
  ['order', letter.key ?? '-'],
  [
    'handler',
    `${letter.service}/${letter.handler}, ${letter.attempts} attempt${letter.attempts === 1 ? '' : 's'}`,
  ],
  ['event', `${letter.eventType ?? 'unknown'} ${letter.eventId ?? ''}`],
  ['place', `${letter.record.topic}/${letter.record.partition}@${letter.record.offset}`],
  ['since', letter.recordedAt],
  ...(letter.traceId === undefined ? [] : [['trace', letter.traceId]]),
]

/** One dead letter explained: what happened, what it means, what to do, and its record. */
export const renderLetter = (
  letter: DeadLetter,
  {
    paint,
    personal,
    call = plainCall,
  }: { readonly paint: Paint; readonly personal: boolean; readonly call?: Call },
): readonly string[] => {
  const advice = adviceOf(letter.code)
  return [
    `${paint.bold(letter.id)}  ${paint.red(letter.code)}`,
    `  ${letter.reason}`,
    '',
    ...(advice === undefined
      ? []
      : [`  Meaning: ${advice.meaning}`, `  Order:   ${advice.order}`, `  To do:   ${advice.action}`, '']),
    ...layTable(facts(letter)).map((line) => `  ${line}`),
    '',
    `Record${personal ? '' : ' (personal fields hidden; --personal shows them)'}`,
    ...recordLines(letter, personal),
    ...(letter.status === 'open'
      ? [
          '',
          paint.dim(call(`dead redrive ${letter.id}`)),
          paint.dim(call(`dead discard ${letter.id} --reason TEXT`)),
        ]
      : []),
  ]
}
