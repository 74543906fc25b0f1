import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import path from 'node:path'
import { describe, expect, it } from '@jest/globals'
import { ALLOWED, demandAllowed, isAllowed, objectionTo } from './known.ts'

describe('the instrumentations that can be added', () => {
  it('are what the bundle brings', () => {
    const entry = createRequire(import.meta.url).resolve('@opentelemetry/auto-instrumentations-node')
    const bundle = JSON.parse(readFileSync(path.resolve(entry, '../../package.json'), 'utf8')) as {
      dependencies: Record<string, string>
    }
    const brought = Object.keys(bundle.dependencies).flatMap(
      (name) => /^@opentelemetry\/instrumentation-(.+)$/.exec(name)?.[1] ?? [],
    )
    const refused = brought.filter((name) => objectionTo(name)?.includes('is not needed'))
    expect(refused).not.toEqual([])
    expect([...ALLOWED, ...refused].toSorted()).toEqual(brought.toSorted())
  })

  it('stand in docs/telemetry.md, where the advice sends people', () => {
    const page = readFileSync(path.resolve(import.meta.dirname, '../../../../../docs/telemetry.md'), 'utf8')
    const listed = /These may be added:([^.]*(?:\.io[^.]*)?)\./.exec(page)?.[1] ?? ''
    expect([...listed.matchAll(/`([^`]+)`/g)].map(([, name]) => name)).toEqual(ALLOWED)
  })

  it('are accepted', () => {
    expect(() => demandAllowed(['mongodb', 'dns'])).not.toThrow()
    expect(isAllowed('mongodb')).toBe(true)
  })

  it.each(['http', 'express', 'kafkajs', 'undici', 'pino'])(
    'do not have %s among them: it would show twice what the mesh shows itself',
    (name) => {
      expect(isAllowed(name)).toBe(false)
      expect(() => demandAllowed(['dns', name])).toThrow(
        expect.objectContaining({ code: 'MESH_CONFIG_INVALID', message: expect.stringMatching(/twice/) }),
      )
    },
  )

  it('are told when one is mistyped', () => {
    expect(() => demandAllowed(['mongdb', 'constructor'])).toThrow(/did you mean 'mongodb'.*'constructor'/)
  })
})
