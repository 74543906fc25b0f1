import { CATALOGUE } from '@commerce-mesh/mesh'
import type { CatalogueEntry } from '@commerce-mesh/mesh'
import { send } from './http-call.ts'
import type { Endpoint } from './http-call.ts'

/** What `GET /readyz` answers. `notes`: why services are held back, by service. */
type Readiness = {
  readonly ready: boolean
  readonly problems: Readonly<Record<string, string>>
  readonly notes: Readonly<Record<string, string>>
}

const textsOf = (value: unknown): Readonly<Record<string, string>> =>
  typeof value === 'object' && value !== null
    ? Object.fromEntries(Object.entries(value).map(([name, text]) => [name, String(text)]))
    : {}

/** Reads the body of `GET /readyz`. */
export const readReadiness = (text: string): Readiness => {
  try {
    const { ready, problems, notes } = JSON.parse(text) as Partial<Record<keyof Readiness, unknown>>
    return { ready: ready === true, problems: textsOf(problems), notes: textsOf(notes) }
  } catch {
    return { ready: false, problems: { gateway: 'answers what no gateway answers' }, notes: {} }
  }
}

/** The notes of a running mesh; none where it can't be asked. */
export const askNotes = async (endpoint: Endpoint): Promise<Readiness['notes']> => {
  try {
    return readReadiness((await send({ ...endpoint, timeoutMs: 5_000 }, { path: '/readyz' })).text).notes
  } catch {
    return {}
  }
}

/** What to do about the first code of ours that a note names; undefined where it names none. */
export const actionOf = (note: string): string | undefined => {
  const codes: readonly string[] = note.match(/MESH_[A-Z_]+/g) ?? []
  return Object.entries<CatalogueEntry>(CATALOGUE).find(([code]) => codes.includes(code))?.[1].action
}
