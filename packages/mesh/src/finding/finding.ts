/** Codes of what can be wrong in mesh.yaml, with what each means and how it is mended. */
export const CONFIG_FINDINGS = {
  MESH_CONFIG_UNREADABLE: {
    meaning: 'The file can’t be read.',
    action: 'Check the path and who may read the file. It must be UTF-8 text.',
  },
  MESH_CONFIG_YAML: {
    meaning: 'The file is not valid YAML.',
    action: 'Mend the line named; mind indentation, quotes and tabs.',
  },
  MESH_CONFIG_DUPLICATE_KEY: {
    meaning: 'A key stands twice in the same section.',
    action: 'Keep one of the two.',
  },
  MESH_CONFIG_UNKNOWN_KEY: {
    meaning: 'No setting has this name.',
    action: 'Use the name proposed, or see docs/configuration.md.',
  },
  MESH_CONFIG_MISSING: { meaning: 'A setting that has no default is missing.', action: 'Add it.' },
  MESH_CONFIG_TYPE: {
    meaning: 'A value has the wrong type.',
    action: 'Write a value of the type named. Text that looks like a number needs quotes.',
  },
  MESH_CONFIG_VALUE: {
    meaning: 'A value has the right type but is not allowed.',
    action: 'Write a value within the range or form named.',
  },
  MESH_CONFIG_ENV_MISSING: {
    meaning: 'The file refers to an environment variable that is not set, or is empty.',
    action: 'Set the variable, or give the reference a default: ${NAME:-default}.',
  },
  MESH_CONFIG_ENV_SYNTAX: {
    meaning: 'A reference to an environment variable is not well formed.',
    action: 'Write ${NAME} or ${NAME:-default}. A literal ${ is written $${.',
  },
  MESH_CONFIG_CONTRADICTION: {
    meaning: 'Two settings contradict each other.',
    action: 'Change one of the two named.',
  },
  MESH_CONFIG_PLAIN_SECRET: {
    meaning: 'A secret stands in the file, where backups and repositories pick it up.',
    action: 'Put it into an environment variable and refer to it: ${NAME}.',
  },
  MESH_ROUTE_EVENT_UNKNOWN: {
    meaning: 'A route names an event type, or a version of it, that there is no contract for.',
    action: 'Use the name proposed; `mesh graph` lists the events.',
  },
  MESH_ROUTE_HANDLER_UNKNOWN: {
    meaning: 'A route leads to a service or handler that there is none of.',
    action: 'Use the name proposed; `mesh graph` lists services and handlers.',
  },
  MESH_ROUTE_MISMATCH: {
    meaning: 'A route leads to a handler that does not take this event.',
    action: 'Route an event that it takes, or name another handler.',
  },
  MESH_ROUTE_DUPLICATE: {
    meaning: 'An event is routed twice to the same handler.',
    action: 'Keep one of the two; put both conditions below `any` if either shall do.',
  },
  MESH_ROUTE_UNREACHABLE: {
    meaning: 'A route can never be taken, because one above it takes every such event of the same service.',
    action: 'Give the route above a condition, or change their order.',
  },
  MESH_ROUTE_PROJECTION: {
    meaning:
      'A route leads to a service that only shows what others did. What it does not get is missing in every status.',
    action: 'Leave the route out.',
  },
  MESH_ROUTE_CONDITION: {
    meaning: 'A condition is not well formed.',
    action: 'Write `field` with one of equals, in, exists, prefix; or all, any, not around such conditions.',
  },
  MESH_ROUTE_FIELD_UNKNOWN: {
    meaning: 'A condition looks at a field that the event’s contract does not have.',
    action: 'Use the name proposed; `mesh contracts sample TYPE` shows the fields.',
  },
  MESH_ROUTE_NEVER: {
    meaning: 'A condition can never hold: it compares with a value that the contract does not allow there.',
    action: 'Compare with a value that the contract allows.',
  },
  MESH_ROUTE_OPTIONS: {
    meaning: 'The options of a route are not what its handler takes.',
    action: 'Give the options that the handler’s documentation names.',
  },
  MESH_ROUTE_OFF: {
    meaning: 'A handler gets none of the events that it is made for: its routes are off.',
    action: 'Leave it so if it is meant; `mesh explain` shows what happens to an event.',
  },
  MESH_EVENT_UNREAD: {
    meaning: 'An event is emitted and nobody reads it.',
    action: 'List in `consumers` who reads it outside of the mesh; otherwise emit it no longer.',
  },
  MESH_EVENT_UNEMITTED: {
    meaning: 'A handler waits for an event that nobody emits.',
    action: 'Load the plugin that emits it, or list in `producers` who publishes it from outside.',
  },
  MESH_EVENT_VERSION_GONE: {
    meaning: 'A handler reads a version of an event that its emitter no longer emits.',
    action:
      'Have the handler read the newer version; an upcast in its contract lets it read stored older ones too.',
  },
  MESH_EVENT_VERSION_OLD: {
    meaning: 'An event is emitted in two versions, and somebody still reads the older one.',
    action: 'Move these readers to the newer version; then the older one need not be emitted any more.',
  },
  MESH_EVENT_OWNER: {
    meaning: 'A service emits an event that belongs to another. Readers would take it for a forgery.',
    action: 'Emit an event of its own, or make the service the owner in the contract.',
  },
  MESH_EVENT_CYCLE: {
    meaning: 'Events go round in a circle: a handler’s event leads back to the handler.',
    action: 'Break the circle: have one of the handlers named emit another event, or route it elsewhere.',
  },
  MESH_EVENT_KEY: {
    meaning:
      'The record key of an event is made of a field that may be missing, or of none. Without a key its events are in no order.',
    action: 'Make the key of fields that every event has, such as the order number.',
  },
  MESH_EVENT_CONTRACT_CLASH: {
    meaning: 'Two contracts describe the same event version differently.',
    action: 'Use one contract on both sides, or give one of them a name or version of its own.',
  },
  MESH_OUTSIDE_EVENT_UNKNOWN: {
    meaning: 'A producer or consumer outside is listed with an event type that there is no contract for.',
    action: 'Use the name proposed; `mesh graph` lists the events.',
  },
  MESH_SOURCE_SECRET: {
    meaning:
      'A source of notifications has no secret to check them with. It would believe anybody, so it takes nothing.',
    action: 'Give it its secret by the environment, or leave the source out.',
  },
  MESH_PLUGIN_LOAD: {
    meaning: 'A plugin can’t be loaded.',
    action: 'Check the path or the package’s name, and run the file with Node alone to see its error.',
  },
  MESH_PLUGIN_EMPTY: {
    meaning: 'A plugin exports nothing that the mesh could use.',
    action:
      'Write `export default definePlugin({ … })` with services (sinks are services too), sources or contracts.',
  },
  MESH_PLUGIN_INVALID: {
    meaning: 'What a plugin exports is not what a plugin has to be.',
    action: 'Mend the part named; docs/plugins.md describes each.',
  },
  MESH_PLUGIN_RUNTIME: {
    meaning: 'A plugin is made for another release of the mesh.',
    action: 'Install a release of the plugin for this mesh, or a mesh for this plugin.',
  },
  MESH_PLUGIN_DECLARES: {
    meaning:
      'A plugin declares what it does not do: handlers without a function, or contracts that nothing of it emits or reads.',
    action: 'Add what is missing, or leave the declaration out.',
  },
  MESH_PLUGIN_CLASH: {
    meaning: 'A plugin brings a name that is taken already.',
    action: 'Give the part named another name.',
  },
} as const satisfies Record<string, { meaning: string; action: string }>

/** A code of {@link CONFIG_FINDINGS}. */
export type ConfigCode = keyof typeof CONFIG_FINDINGS

/** One thing that is wrong in the configuration, and where. Holds no secret and no value of an environment variable. */
export type Finding = {
  readonly code: ConfigCode
  /** With a finding of severity `error` the mesh does not start. */
  readonly severity: 'error' | 'warning'
  readonly file: string
  /** From 1. */
  readonly line: number
  /** From 1. */
  readonly column: number
  /** Dotted path of the setting, e.g. `services.gateway.port`; empty for the file as a whole. */
  readonly path: string
  readonly message: string
  readonly fix: string
}

/** Place in a file, from 1. */
export type Place = { readonly line: number; readonly column: number }

/** Writes a finding as compilers do: `mesh.yaml:3:5 error MESH_CONFIG_UNKNOWN_KEY …`, then the fix on its own line. */
export const formatFinding = (finding: Finding): string =>
  `${finding.file}:${finding.line}:${finding.column} ${finding.severity} ${finding.code}\n` +
  `  ${finding.path === '' ? '' : `${finding.path}: `}${finding.message}\n` +
  `  Fix: ${finding.fix}`
