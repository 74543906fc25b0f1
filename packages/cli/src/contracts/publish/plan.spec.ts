import { fromStructured, parseEvent } from '@commerce-mesh/contracts'
import { describe, expect, it } from '@jest/globals'
import { z } from 'zod'
import { filesOf, parcel, parcelData, published } from '../check/shop.fixture.ts'
import { baselineOf } from './baseline.ts'
import { planPublication } from './plan.ts'

const actionsOf = (...plan: Parameters<typeof planPublication>) =>
  planPublication(...plan).map(({ action, files }) => [action, ...files.map(({ name }) => name)])

const SCHEMA = 'parcel.sent.v1/schema.json'
const SAMPLE = 'parcel.sent.v1/examples/01-sample.json'

describe('planPublication', () => {
  it('writes schema and sample of what is new, in a stable form', () => {
    const [schema, sample] = filesOf(parcel())
    expect([schema?.name, sample?.name]).toEqual([SCHEMA, SAMPLE])
    expect(schema?.text).toMatch(/^\{\n {2}"\$schema": "https:.+",\n {2}"title": "parcel\.sent\.v1",\n/)
    expect(schema?.text).toMatch(/\n\}\n$/)
    expect(filesOf(parcel())).toEqual([schema, sample])
    expect(parseEvent(parcel(), fromStructured(sample?.text ?? '')).data).toMatchObject({ order: 'O-1' })
  })

  it('leaves alone what is published as it is', () => {
    expect(actionsOf([parcel()], published(parcel()))).toEqual([['none']])
  })

  it('takes over a change that breaks nobody, with a sample of the new form beside the old one', () => {
    const wider = parcelData.extend({ note: z.string().optional() })
    const same = { order: 'O-1', buyer: { mail: 'a@b.example', name: 'A' }, size: 'm' }
    expect(actionsOf([parcel(wider, same)], published(parcel()))).toEqual([['update', SCHEMA]])
    expect(actionsOf([parcel(wider, { ...same, note: 'x' })], published(parcel()))).toEqual([
      ['update', SCHEMA, 'parcel.sent.v1/examples/02-sample.json'],
    ])
  })

  it('numbers samples on from the highest, and never writes over one', () => {
    const kept = filesOf(parcel()).map((file) =>
      file.name === SAMPLE ? { name: 'parcel.sent.v1/examples/07-real-one.json', text: '{"data":{}}' } : file,
    )
    const wider = parcel(parcelData.extend({ note: z.string().optional() }))
    expect(actionsOf([wider], baselineOf(kept))).toEqual([
      ['update', SCHEMA, 'parcel.sent.v1/examples/08-sample.json'],
    ])
  })

  it('puts a sample where there is none yet', () => {
    const schemaOnly = filesOf(parcel()).filter(({ name }) => name === SCHEMA)
    expect(actionsOf([parcel()], baselineOf(schemaOnly))).toEqual([['update', SAMPLE]])
  })

  it('refuses a change after which old events would be refused, and says which', () => {
    const [refused] = planPublication([parcel(parcelData.omit({ size: true }))], published(parcel()))
    expect(refused).toMatchObject({ action: 'refused', files: [], changes: [{ kind: 'gone', path: 'size' }] })
  })

  it('refuses one that can’t be told, too', () => {
    const ruled = parcel(parcelData.refine(() => true, { error: 'must be nice' }))
    expect(actionsOf([ruled], published(parcel()))).toEqual([['refused']])
  })

  it('refuses a contract without an example, and a published schema that can’t be read', () => {
    const [bare] = planPublication([{ ...parcel(), examples: [] }], new Map())
    expect(bare).toMatchObject({ action: 'refused', trouble: expect.stringContaining('has no examples') })
    const [broken] = planPublication([parcel()], baselineOf([{ name: SCHEMA, text: '[]' }]))
    expect(broken).toMatchObject({ action: 'refused', trouble: expect.stringContaining('no JSON') })
  })
})

describe('baselineOf', () => {
  it('takes schemas and stored events, in the order of their names, and nothing else', () => {
    const files = [
      'a.b.v1/examples/02-x.json',
      'a.b.v1/examples/01-y.json',
      'a.b.v1/schema.json',
      'README.json',
      'a.b.v1/examples/deep/z.json',
    ]
    const baseline = baselineOf(files.map((name) => ({ name, text: '{}' })))
    expect([...baseline.keys()]).toEqual(['a.b.v1'])
    expect(baseline.get('a.b.v1')?.examples.map(({ name }) => name)).toEqual([
      'a.b.v1/examples/01-y.json',
      'a.b.v1/examples/02-x.json',
    ])
  })
})
