import type { Attributes } from './attributes.ts'
import { checkAttributes, checkSpecVersion, isExtensionName } from './attributes.ts'
import type { CloudEvent } from './event.ts'
import type { FormatReport } from './format-report.ts'
import { MAX_EXTENSIONS } from './limits.ts'

type Mutable<T> = { -readonly [K in keyof T]: T[K] }

/** An event being read: attributes as they come in, nothing promised about them yet. */
export type Draft = {
  specversion: string | undefined
  extensionCount: number
  readonly extensions: Record<string, string>
  readonly attributes: Mutable<Partial<Attributes>>
}

/** An empty draft. */
export const newDraft = (): Draft => {
  const extensions = {}
  return { specversion: undefined, extensionCount: 0, extensions, attributes: { extensions } }
}

const putExtension = (draft: Draft, name: string, value: string, report: FormatReport): void => {
  draft.extensionCount += 1
  if (draft.extensionCount <= MAX_EXTENSIONS) {
    if (isExtensionName(name, report)) draft.extensions[name] = value
  } else if (draft.extensionCount === MAX_EXTENSIONS + 1) {
    report.breach('', `must not have more than ${MAX_EXTENSIONS} extension attributes`)
  }
}

/** Puts one attribute into the draft, or notes why it can't be one. */
export const putAttribute = (draft: Draft, name: string, value: string, report: FormatReport): void => {
  switch (name) {
    case 'specversion':
      draft.specversion = value
      break
    case 'id':
    case 'source':
    case 'type':
    case 'subject':
    case 'time':
    case 'datacontenttype':
    case 'dataschema':
      draft.attributes[name] = value
      break
    default:
      putExtension(draft, name, value, report)
  }
}

/** Notes every broken rule of the draft's attributes; a draft without any attribute is no CloudEvent at all. */
export const checkDraft = (draft: Draft, report: FormatReport): void => {
  const { id, source, type } = draft.attributes
  if ((draft.specversion ?? id ?? source ?? type) === undefined) {
    report.poison('', 'has no CloudEvents attributes (specversion, id, source, type)')
    return
  }
  checkSpecVersion(draft.specversion, report)
  checkAttributes(draft.attributes, report)
}

/**
 * The finished event.
 *
 * @throws EventFormatError when anything was noted about it.
 */
export const finish = (draft: Draft, data: unknown, report: FormatReport): CloudEvent<unknown> => {
  report.throwIfAny()
  const { id = '', source = '', type = '', subject, time, datacontenttype, dataschema } = draft.attributes
  const event: Mutable<CloudEvent<unknown>> = { id, source, type, extensions: draft.extensions, data }
  if (subject !== undefined) event.subject = subject
  if (time !== undefined) event.time = time
  if (datacontenttype !== undefined) event.datacontenttype = datacontenttype
  if (dataschema !== undefined) event.dataschema = dataschema
  return event
}
