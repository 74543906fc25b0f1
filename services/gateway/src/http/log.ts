/** The part of a logger that the edge uses. Fields never hold personal data (promise 11). */
export type Log = Readonly<
  Record<'info' | 'warn' | 'error', (fields: Readonly<Record<string, unknown>>, message: string) => void>
>
