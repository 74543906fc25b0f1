import type { Source, SourceReading, SourceRequest } from '@commerce-mesh/mesh'
import { z } from 'zod'
import { SourceFault } from './source-fault.ts'

/** A promise that nobody waits for would take the process with it when it is rejected. */
const hush = (answer: unknown): void => {
  if (answer instanceof Promise) answer.catch(() => {})
}

/** @throws SourceFault instead of whatever the source throws */
const call = (source: Source, step: 'secrets' | 'verify' | 'read', ask: () => unknown): unknown => {
  try {
    const answer = ask()
    hush(answer)
    return answer
  } catch (thrown) {
    throw new SourceFault(source.name, `threw in ${step}`, thrown)
  }
}

/**
 * Whether there are secrets that a notification could be signed with. An empty one, of a variable that is not set, makes them none:
 * everybody could sign with it.
 *
 * @throws SourceFault
 */
export const hasSecret = (source: Source, options: unknown): boolean => {
  const secrets = call(source, 'secrets', () => source.secrets(options))
  return Array.isArray(secrets) && secrets.length > 0 && secrets.every((secret) => secret !== '')
}

/**
 * Asks the source whether the signature is right. Only `true` is a yes: a promise, say, would be taken for one by a mere `if`.
 *
 * @throws SourceFault where it throws or answers anything else than true or false.
 */
export const isSigned = (source: Source, options: unknown, request: SourceRequest, now: Date): boolean => {
  const answer = call(source, 'verify', () => source.verify(request, options, now))
  if (typeof answer !== 'boolean')
    throw new SourceFault(source.name, 'answered neither true nor false in verify')
  return answer
}

/** Of one notification: they are published one after the other while the provider waits. */
const MOST_EVENTS = 1_000

const reading = z.union([
  z.object({
    events: z
      .array(z.object({ contract: z.object({ type: z.string() }), data: z.unknown(), id: z.string() }))
      .max(MOST_EVENTS),
  }),
  z.object({ ignored: z.string() }),
  z.object({ errors: z.array(z.object({ path: z.string(), message: z.string() })).min(1) }),
])

/** What the source makes of a body. @throws SourceFault where it throws, or answers what is no reading */
export const readingOf = (source: Source, options: unknown, body: unknown): SourceReading => {
  const answer = call(source, 'read', () => source.read(body, options))
  if (!reading.safeParse(answer).success)
    throw new SourceFault(source.name, 'answered neither events nor ignored nor errors in read')
  return answer as SourceReading
}
