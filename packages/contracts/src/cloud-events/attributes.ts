import type { CloudEvent } from './event.ts'
import { SPEC_VERSION } from './event.ts'
import type { FormatReport } from './format-report.ts'
import { shownName } from './format-report.ts'
import { MAX_ATTRIBUTE_LENGTH, MAX_ATTRIBUTE_NAME_LENGTH } from './limits.ts'
import { isAttributeText, isMediaType, isTimestamp, isUri, isUriReference } from './syntax.ts'

/** The context attributes of an event, without its data. */
export type Attributes = Omit<CloudEvent, 'data'>

const ATTRIBUTE_NAME = /^[a-z0-9]+$/

/** Names of the context attributes that the specification defines. */
export const CORE_ATTRIBUTES: ReadonlySet<string> = new Set([
  'specversion',
  'id',
  'source',
  'type',
  'subject',
  'time',
  'datacontenttype',
  'dataschema',
])

const textFault = (value: unknown): string | undefined => {
  if (typeof value !== 'string') return 'must be text'
  if (value.length > MAX_ATTRIBUTE_LENGTH) return `must not be longer than ${MAX_ATTRIBUTE_LENGTH} characters`
  return isAttributeText(value)
    ? undefined
    : 'must not hold control characters, noncharacters or lone surrogates'
}

const isUsableText = (name: string, value: unknown, report: FormatReport): value is string => {
  const fault = textFault(value)
  if (fault !== undefined) report.breach(shownName(name), fault)
  return fault === undefined
}

const isFilled = (name: string, value: unknown, report: FormatReport): value is string => {
  if (value !== '') return isUsableText(name, value, report)
  report.breach(name, 'must not be empty')
  return false
}

const isPresent = (name: string, value: unknown, report: FormatReport): value is string => {
  if (value !== undefined) return isFilled(name, value, report)
  report.breach(name, 'is missing')
  return false
}

const checkRequired = ({ id, source, type }: Partial<Attributes>, report: FormatReport): void => {
  isPresent('id', id, report)
  if (isPresent('source', source, report) && !isUriReference(source)) {
    report.breach('source', 'must be an RFC 3986 URI-reference, such as /shop or https://shop.example.org')
  }
  isPresent('type', type, report)
}

const checkOptional = (attributes: Partial<Attributes>, report: FormatReport): void => {
  const { subject, time, datacontenttype, dataschema } = attributes
  if (subject !== undefined) isFilled('subject', subject, report)
  if (time !== undefined && isFilled('time', time, report) && !isTimestamp(time)) {
    report.breach('time', 'must be an RFC 3339 timestamp, such as 2026-01-02T03:04:05Z')
  }
  const isTyped = datacontenttype !== undefined && isFilled('datacontenttype', datacontenttype, report)
  if (isTyped && !isMediaType(datacontenttype)) {
    report.breach('datacontenttype', 'must be a media type, such as application/json')
  }
  if (dataschema !== undefined && isFilled('dataschema', dataschema, report) && !isUri(dataschema)) {
    report.breach('dataschema', 'must be a URI with a scheme, such as https://example.org/schemas/order')
  }
}

const nameFault = (name: string): string | undefined => {
  if (name === 'data' || CORE_ATTRIBUTES.has(name))
    return "must not be an extension's name: the specification has taken it"
  if (name.length > MAX_ATTRIBUTE_NAME_LENGTH) {
    return `must not have a name longer than ${MAX_ATTRIBUTE_NAME_LENGTH} characters`
  }
  return ATTRIBUTE_NAME.test(name)
    ? undefined
    : 'is not an attribute name: only the letters a to z and digits are allowed'
}

/** Whether a name may be that of an extension attribute; notes why not. CloudEvents "Naming Conventions". */
export const isExtensionName = (name: string, report: FormatReport): boolean => {
  const fault = nameFault(name)
  if (fault !== undefined) report.breach(shownName(name), fault)
  return fault === undefined
}

/** Notes every breach of CloudEvents 1.0.2 "Context Attributes" by an event that is to be read or written. */
export const checkAttributes = (attributes: Partial<Attributes>, report: FormatReport): void => {
  checkRequired(attributes, report)
  checkOptional(attributes, report)
  const extensions = attributes.extensions ?? {}
  for (const name in extensions) isUsableText(name, extensions[name], report)
}

/** Notes a missing or foreign `specversion`. */
export const checkSpecVersion = (version: string | undefined, report: FormatReport): void => {
  if (version === SPEC_VERSION) return
  report.breach('specversion', version === undefined ? 'is missing' : `must be ${SPEC_VERSION}`)
}
