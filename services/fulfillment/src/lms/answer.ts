/** An HTTP answer, read to its end. Header names in lower case. */
export type Answer = {
  readonly status: number
  readonly headers: Readonly<Record<string, string | undefined>>
  readonly body: string
}

/** The answer's body as JSON; undefined where it is none. */
export const jsonOf = (answer: Answer): unknown => {
  try {
    return JSON.parse(answer.body)
  } catch {
    return undefined
  }
}

/**
 * Whether a web page came instead of an API's answer. The LMS's API answers JSON (or nothing) to a caller that accepts
 * JSON; a page comes from a proxy, a maintenance screen, or another server altogether.
 */
export const isWebPage = (answer: Answer): boolean => answer.body.trimStart().startsWith('<')

/** The `message` (or REST framework's `detail`) of an error answer. May hold personal data: never to be shown. */
export const messageOf = (answer: Answer): string => {
  const body = jsonOf(answer)
  if (typeof body !== 'object' || body === null) return answer.body
  const { message, detail } = body as { message?: unknown; detail?: unknown }
  return [message, detail].find((text) => typeof text === 'string') ?? ''
}
