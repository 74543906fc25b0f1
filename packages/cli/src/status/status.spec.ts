import { createMetrics } from '@commerce-mesh/mesh'
import type { DeadLetter } from '@commerce-mesh/mesh'
import { describe, expect, it } from '@jest/globals'
import { PLAIN } from '../terminal/paint.ts'
import { readSamples, totalBy } from './samples.ts'
import { MOST_LETTERS, askEngines } from './ask.ts'
import { renderStatus } from './render.ts'

describe('readSamples', () => {
  it('reads what the mesh itself writes', async () => {
    const metrics = createMetrics()
    metrics.gauge('mesh_lag_records', { service: 'payments', topic: 'order.submitted.v1' }, 3)
    metrics.gauge('mesh_lag_records', { service: 'payments', topic: 'say "hi"\\, }' }, 4)
    metrics.gauge('mesh_lag_records', { service: 'gateway', topic: 'a' }, 0)
    const samples = readSamples(await metrics.text())
    expect([...totalBy(samples, 'mesh_lag_records', 'service')]).toEqual([
      ['payments', 7],
      ['gateway', 0],
    ])
    expect(samples.map(({ labels }) => labels['topic'])).toContain('say "hi"\\, }')
  })

  it('passes over what is no sample', () => {
    expect(readSamples('# HELP x y\n\nx{a="b"} NaN\nbroken line\nx 1 1700000000\n')).toEqual([
      { name: 'x', labels: {}, value: 1 },
    ])
  })
})

describe('renderStatus', () => {
  const service = { service: 'fulfillment', breakerOpen: false, lag: 0, waiting: 0, inFlight: 0 }
  const status = {
    url: 'http://x',
    ready: true,
    problems: {},
    notes: {},
    services: [service],
    deadLetters: 0,
  }

  it('is quiet when all is well', () => {
    expect(renderStatus(status, PLAIN)).toEqual([
      'http://x  ready',
      '',
      'service      breaker  lag  waiting  in flight',
      'fulfillment  closed     0        0          0',
      '',
      'No dead letters.',
    ])
  })

  it('leaves empty what could not be asked', () => {
    const unknown = { ...status, services: [{ ...service, lag: undefined, waiting: undefined }] }
    const text = renderStatus({ ...unknown, deadLetters: undefined }, PLAIN).join('\n')
    expect(text).toMatch(/^fulfillment  closed +0$/m)
    expect(text).toContain('Dead letters: the store can’t be asked.')
  })

  it('shows what the gateway knows of services that run elsewhere', () => {
    const payments = { service: 'payments', lag: 12, waiting: 1 }
    expect(renderStatus({ ...status, services: [service, payments] }, PLAIN)).toContain(
      'payments     elsewhere   12        1',
    )
  })

  it('says what is wrong', () => {
    const text = renderStatus(
      {
        ...status,
        ready: false,
        problems: { store: 'disk full' },
        services: [{ ...service, breakerOpen: true }],
        deadLetters: 2,
      },
      PLAIN,
    ).join('\n')
    expect(text).toMatch(/not ready\n {2}store: disk full/)
    expect(text).toMatch(/2 dead letters: mesh dead list\nfulfillment: what it depends on is down/)
  })

  it('gives the reason and the remedy instead, where the mesh knows them', () => {
    const note = 'held back since 2026-01-01T00:00:00.000Z: MESH_LMS_CLIENT_REFUSED: invalid_client'
    const held = { ...status, notes: { fulfillment: note }, services: [{ ...service, breakerOpen: true }] }
    const text = renderStatus(held, PLAIN).join('\n')
    expect(text).toContain(`fulfillment: ${note}\n  To do: Compare clientId and clientSecret`)
    expect(text).not.toContain('what it depends on')
  })
})

describe('askEngines', () => {
  const letters = (count: number) => Array.from({ length: count }, () => ({}) as DeadLetter)
  const engines = (count: number) => ({
    where: 'bus kafka at b:1, store mongodb at mongodb://db, database shop',
    progress: async () => [{ service: 'payments', lag: 12, waiting: 1, unpublished: 0 }],
    deadLetters: async () => letters(count),
  })

  it('tells how far each service is, and not whether any runs', async () => {
    const status = await askEngines(engines(2))
    expect(JSON.parse(JSON.stringify(status))).toEqual({
      url: 'bus kafka at b:1, store mongodb at mongodb://db, database shop',
      problems: {},
      notes: {},
      services: [{ service: 'payments', lag: 12, waiting: 1 }],
      deadLetters: 2,
    })
    const text = renderStatus(status, PLAIN).join('\n')
    expect(text).toMatch(/^bus kafka at b:1.*don’t know which services run/)
    expect(text).toContain('payments  elsewhere   12        1\n\n2 dead letters: mesh dead list')
  })

  it('counts no further than it looked', async () => {
    expect(renderStatus(await askEngines(engines(MOST_LETTERS)), PLAIN)).toContain(
      '1000 dead letters or more: mesh dead list',
    )
  })
})
