/**
 * A CloudEvents 1.0 event as the mesh holds it in memory: context attributes by their specified names,
 * extension attributes apart, data already decoded.
 * Rule: CloudEvents 1.0.2, "Context Attributes" (https://github.com/cloudevents/spec).
 */
export type CloudEvent<D = unknown> = {
  readonly id: string
  readonly source: string
  readonly type: string
  readonly subject?: string
  /** RFC 3339. */
  readonly time?: string
  readonly datacontenttype?: string
  readonly dataschema?: string
  /** Lower-case alphanumeric names: `traceparent`, `causationid`, `partitionkey`, … */
  readonly extensions: Readonly<Record<string, string>>
  readonly data: D
}

/** The one version of CloudEvents that the mesh speaks. */
export const SPEC_VERSION = '1.0'
