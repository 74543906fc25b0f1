/** A source did what no source may do: it threw, or answered what it may not. The caller learns nothing of it but that it happened. */
export class SourceFault extends Error {
  override readonly name = 'SourceFault'
  /** Name of the source. */
  readonly source: string

  /**
   * @param happened - for the log, in the mesh's own words: nothing of the notification (promise 11).
   * @param cause - what the source threw. Its message may hold the body, and is never shown.
   */
  constructor(source: string, happened: string, cause?: unknown) {
    super(`The source '${source}' ${happened}.`, cause === undefined ? undefined : { cause })
    this.source = source
  }
}
