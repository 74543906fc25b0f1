import { it } from '@jest/globals'
import { describeEngine, engineAddress } from '@commerce-mesh/testing'
import type { EngineName } from '@commerce-mesh/testing'
import type { Looked } from './tools.ts'

/**
 * As `describeEngine`, for tests that start an engine of their own: these need the recipe, also where Docker runs the
 * engine that all share.
 */
export const describeRecipe = async (
  engine: EngineName,
  find: () => Promise<Looked>,
  title: string,
  body: () => void,
): Promise<void> => {
  const looked = engineAddress(engine) === undefined ? undefined : await find()
  describeEngine(engine, title, () => {
    if (looked === undefined || 'tool' in looked) return body()
    it.skip(`SKIPPED: ${looked.missing.what} is missing; ${looked.missing.how}`, () => {})
  })
}
