/** Why an engine can't be had, in words for the person at the keyboard: printed without a stack. */
export class EngineError extends Error {
  override readonly name = 'EngineError'
  /** What to do about it. */
  readonly action: string
  /** 1: it ran and failed; 2: the command line can't be understood; 3: something is missing on this machine. */
  readonly exitCode: 1 | 2 | 3

  constructor(
    happened: string,
    action: string,
    { exitCode = 1, cause }: { exitCode?: 1 | 2 | 3; cause?: unknown } = {},
  ) {
    super(happened, cause === undefined ? {} : { cause })
    this.action = action
    this.exitCode = exitCode
  }
}
