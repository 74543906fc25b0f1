/** What the main thread asks of the writer thread. Every batch is one transaction and one fsync. */
export type Write =
  | { readonly kind: 'append'; readonly records: readonly LogRow[] }
  | {
      readonly kind: 'put'
      readonly table: string
      readonly id: string
      readonly body: string
      readonly expected: number
      readonly indexed: readonly (string | number | null)[]
    }
  | { readonly kind: 'remove'; readonly table: string; readonly id: string; readonly expected: number }
  | {
      readonly kind: 'commit'
      readonly group: string
      readonly topic: number
      readonly partition: number
      readonly offset: number
    }
  | {
      readonly kind: 'trim'
      readonly topic: number
      readonly partition: number
      readonly before: number
      readonly limit: number
    }
  /** Runs alone, outside of a transaction: for schema changes. */
  | { readonly kind: 'execute'; readonly sql: string }

/** A record as the log's table holds it. */
export type LogRow = {
  readonly topic: number
  readonly partition: number
  readonly key: string | null
  readonly headers: string
  readonly value: Uint8Array | null
  readonly at: number
}

/** Result of one write: offsets for `append`, the new version (0: conflict) for `put`, rows changed otherwise. */
export type WriteResult = number | readonly number[]

/** A batch on its way to the writer thread. `values` holds all record values one after the other: one transfer, no copies. */
export type Batch = {
  readonly writes: readonly Write[]
  readonly values: Uint8Array
  readonly lengths: readonly number[]
}

/** The writer thread's answer: one result per write, or what went wrong with the whole batch. */
export type BatchAnswer =
  | { readonly results: readonly WriteResult[] }
  | { readonly error: string; readonly sqliteCode?: string }
