/** One entry of the catalogue: everything a person needs who sees the code for the first time. */
export type CatalogueEntry = {
  /** What happened. */
  readonly meaning: string
  /** What it means for the order. */
  readonly order: string
  /** What to do. */
  readonly action: string
  /** Whether the same thing may succeed later without anybody doing anything. */
  readonly retryable: boolean
}
