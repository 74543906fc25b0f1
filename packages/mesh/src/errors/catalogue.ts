import { EDGE_CODES } from './catalogue/edge.ts'
import { ENGINE_CODES } from './catalogue/engines.ts'
import { LMS_CODES } from './catalogue/lms.ts'
import { RECORD_CODES } from './catalogue/records.ts'

export type { CatalogueEntry } from './catalogue/entry.ts'

/** Every code that the mesh can show. docs/errors.md is generated from it. */
export const CATALOGUE = { ...ENGINE_CODES, ...RECORD_CODES, ...LMS_CODES, ...EDGE_CODES } as const

/** A code of the catalogue. */
export type MeshCode = keyof typeof CATALOGUE
