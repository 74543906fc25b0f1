import { checkAttributes, isExtensionName } from './attributes.ts'
import type { CloudEvent } from './event.ts'
import { SPEC_VERSION } from './event.ts'
import type { FormatReport } from './format-report.ts'
import { MAX_EXTENSIONS } from './limits.ts'

/** What a binding calls the attributes that have a name of their own; extensions are `prefix` and their name. */
export type AttributeNames = {
  readonly prefix: string
  readonly specversion: string
  readonly id: string
  readonly source: string
  readonly type: string
  readonly subject: string
  readonly time: string
  readonly dataschema: string
}

/** The names with a prefix: `ce_` for Kafka, `ce-` for HTTP, none for the JSON format. */
export const prefixed = (prefix: string): AttributeNames => ({
  prefix,
  specversion: `${prefix}specversion`,
  id: `${prefix}id`,
  source: `${prefix}source`,
  type: `${prefix}type`,
  subject: `${prefix}subject`,
  time: `${prefix}time`,
  dataschema: `${prefix}dataschema`,
})

/** Notes every broken rule of an event that is to be written: what one codec writes, another must be able to read. */
export const checkOutgoing = (event: CloudEvent<unknown>, report: FormatReport): void => {
  checkAttributes(event, report)
  let count = 0
  for (const name in event.extensions) {
    isExtensionName(name, report)
    count += 1
  }
  if (count > MAX_EXTENSIONS)
    report.breach('', `must not have more than ${MAX_EXTENSIONS} extension attributes`)
}

/** The attributes but `datacontenttype`, which each binding puts in a place of its own. */
export const attributesOf = (event: CloudEvent<unknown>, names: AttributeNames): Record<string, string> => {
  const out: Record<string, string> = {
    [names.specversion]: SPEC_VERSION,
    [names.id]: event.id,
    [names.source]: event.source,
    [names.type]: event.type,
  }
  if (event.subject !== undefined) out[names.subject] = event.subject
  if (event.time !== undefined) out[names.time] = event.time
  if (event.dataschema !== undefined) out[names.dataschema] = event.dataschema
  for (const name in event.extensions) out[names.prefix + name] = event.extensions[name] ?? ''
  return out
}
