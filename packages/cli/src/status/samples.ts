/** One sample of Prometheus' text format. */
export type Sample = {
  readonly name: string
  readonly labels: Readonly<Record<string, string>>
  readonly value: number
}

const LINE = /^([A-Za-z_:][\w:]*)(?:\{(.*)\})? (\S+)/
const LABEL = /([A-Za-z_]\w*)="((?:[^"\\]|\\.)*)"/g

const unescape = (text: string) =>
  text.replaceAll(/\\(.)/g, (_, character: string) => (character === 'n' ? '\n' : character))

/** Reads the samples of Prometheus' text exposition format; comments and lines that are none are passed over. */
export const readSamples = (text: string): readonly Sample[] =>
  text.split('\n').flatMap((line) => {
    const [, name, labels = '', value] = LINE.exec(line) ?? []
    if (name === undefined || value === undefined || Number.isNaN(Number(value))) return []
    const pairs = [...labels.matchAll(LABEL)].map(
      ([, label = '', content = '']) => [label, unescape(content)] as const,
    )
    return [{ name, labels: Object.fromEntries(pairs), value: Number(value) }]
  })

/** Sum of a metric's samples for each value of a label. */
export const totalBy = (
  samples: readonly Sample[],
  name: string,
  label: string,
): ReadonlyMap<string, number> => {
  const totals = new Map<string, number>()
  for (const sample of samples) {
    const key = sample.labels[label]
    if (sample.name === name && key !== undefined) totals.set(key, (totals.get(key) ?? 0) + sample.value)
  }
  return totals
}
