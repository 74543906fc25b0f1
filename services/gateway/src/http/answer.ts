/** What goes back to the caller. */
export type Answer = {
  readonly status: number
  readonly headers?: Readonly<Record<string, string>>
  /** Media type of the body. */
  readonly type: string
  readonly body: string
}

/** An answer in JSON. */
export const json = (status: number, value: unknown, headers?: Readonly<Record<string, string>>): Answer => ({
  status,
  type: 'application/json',
  body: JSON.stringify(value),
  ...(headers && { headers }),
})
