const SECOND = 1_000
const MINUTE = 60 * SECOND
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR

const two = (value: number, big: readonly [number, string], small: readonly [number, string]): string => {
  const first = Math.floor(value / big[0])
  const rest = Math.floor((value % big[0]) / small[0])
  return rest === 0 ? `${first} ${big[1]}` : `${first} ${big[1]} ${rest} ${small[1]}`
}

/** Writes a length of time for people: `0.8 ms`, `31 ms`, `4.2 s`, `5 min 3 s`, `2 h 4 min`, `3 d 1 h`. */
export const formatDuration = (ms: number): string => {
  if (ms < 0) return `-${formatDuration(-ms)}`
  if (ms < 10) return `${Number(ms.toFixed(1))} ms`
  if (ms < SECOND - 0.5) return `${Math.round(ms)} ms`
  if (ms < SECOND) return '1 s'
  if (ms < MINUTE) return `${Number((Math.floor(ms / 100) / 10).toFixed(1))} s`
  if (ms < HOUR) return two(ms, [MINUTE, 'min'], [SECOND, 's'])
  if (ms < DAY) return two(ms, [HOUR, 'h'], [MINUTE, 'min'])
  return two(ms, [DAY, 'd'], [HOUR, 'h'])
}
