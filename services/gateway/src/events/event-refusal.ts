import type { Finding } from '@commerce-mesh/contracts'
import { Refusal } from '../problem/refusal.ts'

const errorsOf = (findings: readonly Finding[]): readonly Finding[] =>
  findings.map(({ path, message }) => ({ path: path === '' ? 'event' : path, message }))

/** 400: the event can't be decoded. */
export const undecodable = (findings: readonly Finding[]): Refusal =>
  new Refusal(400, 'MESH_EVENT_POISON', 'The event can’t be decoded; `errors` lists why.', {
    errors: errorsOf(findings),
  })

/** 422: the event can be read and breaks rules. */
export const broken = (findings: readonly Finding[]): Refusal =>
  new Refusal(
    422,
    'MESH_EVENT_CONTRACT',
    'The event breaks its contract or the rules of CloudEvents; `errors` lists everything that is wrong.',
    { errors: errorsOf(findings) },
  )

/** 403: nobody allowed this producer to publish this type. */
export const notGranted = (source: string, type: string): Refusal =>
  new Refusal(
    403,
    'MESH_FORBIDDEN',
    `${source} may not publish ${type}. The operator allows it under \`producers\` in mesh.yaml: \`- { source: ${source}, emits: [${type}] }\`.`,
  )
