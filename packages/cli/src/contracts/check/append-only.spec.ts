import { describe, expect, it } from '@jest/globals'
import { z } from 'zod'
import { baselineOf } from '../publish/baseline.ts'
import type { PublishedFile } from '../publish/baseline.ts'
import { appendOnlyFindings } from './append-only.ts'
import { filesOf, parcel, parcelData, published } from './shop.fixture.ts'

const then = published(parcel())

const since = (change: (file: PublishedFile) => PublishedFile | undefined) =>
  appendOnlyFindings(then, baselineOf(filesOf(parcel()).flatMap((file) => change(file) ?? [])), 'main').map(
    ({ code, severity, file, message }) => `${severity} ${code} ${file}: ${message}`,
  )

const isExample = ({ name }: PublishedFile) => name.includes('/examples/')

describe('appendOnlyFindings', () => {
  it('finds nothing where nothing changed, or more was published', () => {
    expect(since((file) => file)).toEqual([])
    const wider = parcel(parcelData.extend({ note: z.string().optional() }))
    expect(appendOnlyFindings(then, published(wider), 'main')).toEqual([])
    expect(appendOnlyFindings(new Map(), then, 'main')).toEqual([])
  })

  it('finds a stored event that was removed or changed', () => {
    expect(since((file) => (isExample(file) ? undefined : file))).toEqual([
      'error MESH_CONTRACT_EXAMPLE parcel.sent.v1/examples/01-sample.json: stored event 01-sample.json was removed since main',
    ])
    expect(since((file) => (isExample(file) ? { ...file, text: `${file.text} ` } : file))).toEqual([
      'error MESH_CONTRACT_EXAMPLE parcel.sent.v1/examples/01-sample.json: stored event 01-sample.json was changed since main',
    ])
  })

  it('finds a published schema that was changed by hand, removed or broken', () => {
    const narrower = filesOf(parcel(parcelData.extend({ size: z.enum(['m']) })))
    const byHand = (file: PublishedFile) => narrower.find(({ name }) => name === file.name)
    expect(since(byHand)).toEqual([
      "error MESH_CONTRACT_BREAKS parcel.sent.v1/schema.json: its published schema was changed by hand since main: field size can no longer be 's'",
    ])
    for (const text of [undefined, '['])
      expect(
        since((file) => (isExample(file) ? file : text === undefined ? undefined : { ...file, text })),
      ).toEqual([
        'error MESH_CONTRACT_BASELINE parcel.sent.v1/schema.json: its published schema was removed or broken since main',
      ])
  })

  it('finds published files that were removed altogether', () => {
    expect(since(() => undefined)).toEqual([
      'error MESH_CONTRACT_GONE parcel.sent.v1/schema.json: its published files were removed since main',
    ])
  })
})
