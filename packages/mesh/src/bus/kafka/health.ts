/** What is known of the way to the brokers. */
export type KafkaHealth = {
  /** The brokers answered a question. */
  reached(): void
  /** No broker answered. */
  unreached(words: string): void
  /** A produce request came to something, or `words` say why nothing can be written. */
  produced(words: string | undefined): void
  /** What keeps events from being accepted, for people; undefined: nothing that is known of. */
  problem(): string | undefined
}

type Trouble = { readonly since: number; readonly last: number; readonly words: string }

/** A failed write tells nothing about now after so many milliseconds without another one. */
const FORGET_MS = 5_000

const WELL = 'Kafka is well again'

/** What forgetting means: nobody has tried since. */
const FORGOTTEN = `No write to Kafka has failed for ${FORGET_MS / 1_000} s, as none was tried; the next one shows whether it takes events again`

const sinceWords = ({ since }: Trouble): string => new Date(since).toISOString()

/** A partition that moves to another broker is no trouble yet; milliseconds. */
const TROUBLE_MS = 1_000

/**
 * Starts well.
 *
 * @param onChange - told once when trouble begins and once when it is over, then with what is known of that, for people.
 * @param now - milliseconds since the epoch.
 */
export const createHealth = (
  servers: string,
  onChange: (problem: string | undefined, over: string) => void,
  now: () => number = Date.now,
): KafkaHealth => {
  let apart: Trouble | undefined
  let refused: Trouble | undefined
  let told = false
  /** What was told was about writing. */
  let wasRefused = false

  const problem = (): string | undefined => {
    if (apart !== undefined)
      return `no broker of ${servers} answers since ${sinceWords(apart)}: ${apart.words}`
    // Without traffic there is nothing that could show that the trouble is over.
    if (
      refused !== undefined &&
      refused.last - refused.since >= TROUBLE_MS &&
      now() - refused.last < FORGET_MS
    )
      return `Kafka (${servers}) takes no events since ${sinceWords(refused)}: ${refused.words}`
    return undefined
  }

  const noteChange = () => {
    const found = problem()
    if (found !== undefined) wasRefused = apart === undefined
    if ((found !== undefined) === told) return
    told = found !== undefined
    onChange(found, wasRefused && refused !== undefined ? FORGOTTEN : WELL)
  }

  const worse = (before: Trouble | undefined, words: string): Trouble => ({
    since: before?.since ?? now(),
    last: now(),
    words,
  })

  const isForgotten = (trouble: Trouble | undefined) =>
    trouble !== undefined && now() - trouble.last >= FORGET_MS

  return {
    reached: () => {
      apart = undefined
      noteChange()
    },
    unreached: (words) => {
      apart = worse(apart, words)
      noteChange()
    },
    produced: (words) => {
      refused = words === undefined ? undefined : worse(isForgotten(refused) ? undefined : refused, words)
      if (words === undefined) apart = undefined
      noteChange()
    },
    problem,
  }
}
