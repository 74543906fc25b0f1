import { describe, expect, it } from '@jest/globals'
import { z } from 'zod'
import type { EventContract } from '@commerce-mesh/contracts'
import { baselineOf } from '../publish/baseline.ts'
import { meet } from './affected.ts'
import { checkContracts } from './check.ts'
import { filesOf, parcel, parcelData, parcelTwo, published, READERS } from './shop.fixture.ts'

const { buyer, size } = parcelData.shape

const check = (contracts: readonly EventContract[], baseline = published(parcel())) =>
  checkContracts({ contracts, baseline, readers: READERS })

const renamed = parcel(parcelData.omit({ buyer: true }).extend({ who: buyer }), {
  order: 'O-1',
  who: { mail: 'a@b.example', name: 'A' },
  size: 'm',
})

describe('checkContracts', () => {
  it('finds nothing where nothing changed', () => expect(check([parcel()])).toEqual([]))

  it('names whom a renamed field breaks, and how, and the routes that look at it', () => {
    const [finding, stored, ...more] = check([renamed])
    expect(more).toEqual([])
    expect(finding).toMatchObject({
      code: 'MESH_CONTRACT_BREAKS',
      severity: 'error',
      type: 'parcel.sent.v1',
      file: 'parcel.sent.v1/schema.json',
      path: 'buyer',
      message: 'renamed to who',
      change: { kind: 'renamed', to: 'who', newReaders: 'no', oldReaders: 'no' },
    })
    expect(finding?.readers).toEqual([
      { service: 'mail', handler: 'tell-buyer', why: 'reads buyer.mail' },
      { service: 'board', handler: 'count', why: 'does not read it, but its contract refuses the event' },
      { service: 'partner', why: 'may read it; its contract refuses the event in any case' },
    ])
    expect(finding?.routes).toEqual([
      { service: 'mail', handler: 'tell-buyer', where: 'mesh.yaml:4:5', field: 'buyer.name' },
    ])
    expect(stored).toMatchObject({
      code: 'MESH_CONTRACT_EXAMPLE',
      severity: 'error',
      file: 'parcel.sent.v1/examples/01-sample.json',
    })
    expect(stored?.message).toBe(
      'stored event 01-sample.json is refused: data.who is missing; data.buyer is not a field of the contract',
    )
  })

  it('wants readers first where only they would refuse what is new', () => {
    const wider = parcel(parcelData.extend({ size: z.enum([...size.options, 'l']) }))
    const [finding, ...more] = check([wider])
    expect(more).toEqual([])
    expect(finding).toMatchObject({ code: 'MESH_CONTRACT_READERS_FIRST', severity: 'warning', path: 'size' })
    expect(finding?.readers.map(({ why }) => why)).toEqual([
      'does not read it, but until then its contract refuses the event',
      'does not read it, but until then its contract refuses the event',
      'may read it; until then its contract refuses the event in any case',
    ])
    expect(finding?.routes.map(({ field }) => field)).toEqual(['size'])
  })

  it('says what only means something else, to those who may read it', () => {
    const kept = parcel(parcelData.extend({ note: z.string().default('a') }))
    const changed = parcel(parcelData.extend({ note: z.string().default('b') }))
    const [finding, ...more] = check([changed], published(kept))
    expect(more).toEqual([])
    expect(finding).toMatchObject({ code: 'MESH_CONTRACT_MEANING', severity: 'warning', path: 'note' })
    expect(finding?.readers).toEqual([{ service: 'partner', why: 'may read it' }])
  })

  it('finds contracts without a published schema, and published ones without a contract', () => {
    expect(check([parcel()], new Map())).toMatchObject([
      { code: 'MESH_CONTRACT_UNPUBLISHED', severity: 'error', type: 'parcel.sent.v1' },
    ])
    const [gone] = check([])
    expect(gone).toMatchObject({ code: 'MESH_CONTRACT_GONE', severity: 'error', type: 'parcel.sent.v1' })
    expect(gone?.readers.map(({ service }) => service)).toEqual(['mail', 'board', 'partner'])
  })

  it('leaves it to the caller what an unpublished contract means', () => {
    const of = (severity: 'warning' | undefined) =>
      checkContracts({ contracts: [parcel()], baseline: new Map(), readers: [], unpublished: () => severity })
    expect(of('warning')).toMatchObject([{ severity: 'warning' }])
    expect(of(undefined)).toEqual([])
  })

  it('does not take a schema that can’t be read for none', () => {
    const broken = filesOf(parcel()).map((file) =>
      file.name.endsWith('schema.json') ? { ...file, text: '{' } : file,
    )
    expect(check([parcel()], baselineOf(broken)).map(({ code }) => code)).toEqual(['MESH_CONTRACT_BASELINE'])
  })

  it.each([
    ['no JSON', 'nope'],
    ['no CloudEvent', '{}'],
    ['of another type', JSON.stringify({ specversion: '1.0', id: '1', source: '/', type: 'x.v1', data: {} })],
  ])('refuses a stored event that is %s', (_what, text) => {
    const files = [...filesOf(parcel()), { name: 'parcel.sent.v1/examples/02-odd.json', text }]
    expect(check([parcel()], baselineOf(files))).toMatchObject([
      { code: 'MESH_CONTRACT_EXAMPLE', file: 'parcel.sent.v1/examples/02-odd.json' },
    ])
  })

  it('wants stored events: without any, nobody notices what readers refuse', () => {
    const schemas = filesOf(parcel()).filter(({ name }) => name.endsWith('schema.json'))
    expect(check([parcel()], baselineOf(schemas))).toMatchObject([
      {
        code: 'MESH_CONTRACT_EXAMPLE',
        severity: 'error',
        message: expect.stringMatching(/^has no stored events/),
      },
    ])
  })
})

describe('two major versions', () => {
  const sound = parcelTwo((sent) => {
    const { order, buyer: who } = sent as { order: string; buyer: { name: string } }
    return { order, to: who.name }
  })
  const reader = {
    service: 'mail',
    handler: 'tell',
    type: 'parcel.sent.v2',
    reads: ['to', 'who'],
    routes: [],
  }

  it('are both looked at, the older one also where only the upcast knows it', () => {
    const baseline = published(parcel(), sound)
    expect(checkContracts({ contracts: [sound], baseline, readers: [] })).toEqual([])
  })

  it('a change of the older one breaks who reads it by its upcast', () => {
    const baseline = published(renamed, sound)
    const [finding] = checkContracts({ contracts: [parcel(), sound], baseline, readers: [reader] })
    expect(finding).toMatchObject({ code: 'MESH_CONTRACT_BREAKS', type: 'parcel.sent.v1', path: 'who' })
    expect(finding?.readers).toEqual([
      {
        service: 'mail',
        handler: 'tell',
        why: 'reads it as parcel.sent.v2: the event is checked before its upcast',
      },
    ])
  })

  it('stored events of the older one must survive the upcast', () => {
    const poor = parcelTwo((sent) => ({ order: (sent as { order: string }).order }))
    const findings = checkContracts({ contracts: [poor], baseline: published(parcel(), poor), readers: [] })
    expect(findings).toMatchObject([{ code: 'MESH_CONTRACT_EXAMPLE', type: 'parcel.sent.v1' }])
    expect(findings[0]?.message).toMatch(/^stored event 01-sample\.json is refused as parcel\.sent\.v2: /)
  })
})

describe('paths', () => {
  it.each([
    ['buyer', 'buyer.mail', true],
    ['buyer.mail', 'buyer', true],
    ['lines.*.price', 'lines.0.price', true],
    ['lines.*.price', 'lines.*.mode', false],
    ['buyer', 'buyers', false],
    ['', 'anything', true],
  ])('%s and %s meet: %p', (path, other, expected) => {
    expect(meet(path, other)).toBe(expected)
    expect(meet(other, path)).toBe(expected)
  })
})
