import { MAX_ATTRIBUTE_LENGTH } from '@commerce-mesh/contracts'

const DISALLOWED = /[\p{Cc}\p{Cs}\p{Noncharacter_Code_Point}]/u

/**
 * Whether a text may be the `subject` (and so the key) of an event: not empty, no control characters, noncharacters or
 * lone surrogates (CloudEvents "Type System"), not too long. A record key on a topic may be anything.
 */
export const isSubject = (text: string): boolean =>
  text !== '' && text.length <= MAX_ATTRIBUTE_LENGTH && !DISALLOWED.test(text)
