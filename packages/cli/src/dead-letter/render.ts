import { fromKafka, redact } from '@commerce-mesh/contracts'
import type { EventContract } from '@commerce-mesh/contracts'
import type { DeadLetter } from '@commerce-mesh/mesh'
import { plainCall } from '../terminal/call.ts'
import type { Call } from '../terminal/call.ts'
import type { Paint } from '../terminal/paint.ts'
import { layTable } from '../terminal/table.ts'
import { harmless } from '../terminal/text.ts'
import { adviceFor } from '../trace/words.ts'
import { WIDTH, printable, renderFindings } from './findings.ts'

/** Meaning of each class, for people. */
const CLASSES: Readonly<Record<DeadLetter['class'], string>> = {
  contract: 'breaks its schema',
  poison: 'can’t be decoded',
  permanent: 'the other side, or the business rule, says no',
  exhausted: 'the retry time ran out',
}

/** Longest key and producer in a list; `dead show` has them whole. */
const LONGEST = 32

type Cells = readonly (readonly (string | number)[])[]

/** What names a letter, and where it stands. */
const placesOf = (letters: readonly DeadLetter[]): Cells => [
  ['id', 'since', 'class', 'service'],
  ...letters.map(({ id, recordedAt, class: kind, service }) => [
    id,
    `${recordedAt.slice(0, 19)}Z`,
    kind,
    service,
  ]),
]

/** What it is about. Who wrote it is told where any letter knows it. */
const mattersOf = (letters: readonly DeadLetter[]): Cells => {
  const named = letters.some(({ producer }) => producer !== undefined)
  return [
    ['order', 'attempts', 'code', ...(named ? ['producer'] : [])],
    ...letters.map(({ key, attempts, code, producer }) => [
      printable(key ?? '-', LONGEST),
      attempts,
      code,
      ...(named ? [printable(producer ?? '-', LONGEST)] : []),
    ]),
  ]
}

/** Why each was set aside, shortened to a line. */
const reasonLine = ({ reason }: DeadLetter, paint: Paint): string =>
  `    ${paint.dim(printable(reason, WIDTH - 4))}`

/** Letters as a table: a line each where a terminal of 100 columns holds it, otherwise two; below it the reason. */
export const renderList = (letters: readonly DeadLetter[], paint: Paint): readonly string[] => {
  if (letters.length === 0) return ['No dead letters.']
  const [places, matters] = [placesOf(letters), mattersOf(letters)]
  const table = layTable(places.map((row, nth) => [...row, ...(matters[nth] ?? [])]))
  if (table.every((line) => line.length <= WIDTH)) {
    const [head = '', ...lines] = table
    return [
      paint.dim(head),
      ...letters.flatMap((letter, nth) => [lines[nth] ?? '', reasonLine(letter, paint)]),
    ]
  }
  const second = layTable(matters)
  const pairs = layTable(places).map((line, nth) => [line, `    ${second[nth]}`])
  const [head = [], ...lines] = pairs
  return [
    ...head.map((line) => paint.dim(line)),
    ...letters.flatMap((letter, nth) => [...(lines[nth] ?? []), reasonLine(letter, paint)]),
  ]
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

const recordLines = (
  letter: DeadLetter,
  { personal, contracts }: Pick<LetterOptions, 'personal' | 'contracts'>,
): readonly string[] => {
  const bytes = Buffer.from(letter.record.value ?? '', 'base64')
  const event = decoded(letter)
  if (event === undefined) {
    const shown = personal
      ? [`  ${bytes.toString('latin1').replaceAll(/[^\x20-\x7E]/g, '.')}`]
      : ['  (hidden: it can’t be decoded, so nobody can tell what in it is personal; --personal shows it)']
    return [`${bytes.length} bytes:`, ...shown]
  }
  const contract = contracts.get(letter.record.topic)
  const data = personal
    ? event.data
    : contract === undefined
      ? '[hidden: no contract says what in it is personal]'
      : redact(contract, event.data)
  return JSON.stringify(data, undefined, 2)
    .split('\n')
    .map((line) => `  ${harmless(line)}`)
}

const facts = (letter: DeadLetter): readonly (readonly string[])[] => [
  [
    'status',
    letter.status +
      (letter.closedAt === undefined ? '' : `, ${letter.closedAt} by ${letter.closedBy ?? 'unknown'}`),
  ],
  ...(letter.note === undefined ? [] : [['note', letter.note]]),
  ['class', `${letter.class}: ${CLASSES[letter.class]}`],
  ['order', printable(letter.key ?? '-')],
  ...(letter.producer === undefined ? [] : [['producer', printable(letter.producer)]]),
  [
    'handler',
    `${letter.service}/${letter.handler}, ${letter.attempts} attempt${letter.attempts === 1 ? '' : 's'}`,
  ],
  ['event', `${letter.eventType ?? 'unknown'} ${letter.eventId ?? ''}`],
  ['place', `${letter.record.topic}/${letter.record.partition}@${letter.record.offset}`],
  ['since', letter.recordedAt],
  ...(letter.traceId === undefined ? [] : [['trace', letter.traceId]]),
]

/** Everything that is wrong with the record, or else what the handler said. */
const happened = ({ findings = [], reason }: DeadLetter): readonly string[] =>
  findings.length === 0
    ? [`  ${printable(reason, 2_000)}`]
    : [
        `  ${findings.length} finding${findings.length === 1 ? '' : 's'}:`,
        ...renderFindings(findings).map((line) => `  ${line}`),
      ]

/** How a letter is shown. */
export type LetterOptions = {
  readonly paint: Paint
  /** Personal data too. */
  readonly personal: boolean
  /** Every contract that is known, by type: what it does not mark as personal may be shown. */
  readonly contracts: ReadonlyMap<string, EventContract>
  readonly call?: Call
}

/** One dead letter explained: what happened, what it means, what to do, and its record. */
export const renderLetter = (
  letter: DeadLetter,
  { paint, personal, contracts, call = plainCall }: LetterOptions,
): readonly string[] => {
  const advice = adviceFor(letter.code)
  return [
    `${paint.bold(letter.id)}  ${paint.red(letter.code)}`,
    ...happened(letter),
    '',
    ...(advice === undefined
      ? []
      : [`  Meaning: ${advice.meaning}`, `  Order:   ${advice.order}`, `  To do:   ${advice.action}`, '']),
    ...layTable(facts(letter)).map((line) => `  ${line}`),
    '',
    `Record${personal ? '' : ' (personal fields hidden; --personal shows them)'}`,
    ...recordLines(letter, { personal, contracts }),
    ...(letter.status === 'open'
      ? [
          '',
          paint.dim(call(`dead redrive ${letter.id}`)),
          paint.dim(call(`dead discard ${letter.id} --reason TEXT`)),
        ]
      : []),
  ]
}
