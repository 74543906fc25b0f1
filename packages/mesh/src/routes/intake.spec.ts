import { describe, expect, it } from '@jest/globals'
import { z } from 'zod'
import type { Handler } from '../service/handler.ts'
import { intakesOf } from './intake.ts'
import { postedV1, postedV2, route, serviceOf, stamped, takes } from './letter.fixture.ts'
import { planRoutes } from './plan.ts'
import type { RouteSettings } from './settings.ts'

const light = takes(postedV2, 'light', { options: z.strictObject({ tray: z.string().default('upper') }) })
const heavy = takes(postedV2, 'heavy', { when: { field: 'class', equals: 'first' } })
const stamp = takes(stamped, 'stamp')

const intakes = (handlers: readonly Handler<object>[], routes: readonly RouteSettings[] = []) => {
  const service = serviceOf('office', handlers)
  const other = serviceOf('desk', handlers)
  const byName = new Map(handlers.map((handler) => [handler.name, handler]))
  return intakesOf(service, planRoutes([service, other], routes), byName)
}

const routed = (found: ReturnType<typeof intakes>, type: string, data: unknown): string => {
  const way = found.get(type)?.route(data)
  if (way === undefined) return 'no intake'
  return 'taker' in way
    ? `${way.taker.handler.name} by ${way.taker.route} ${JSON.stringify(way.taker.options)}`
    : `${way.skipped.handler.name} skipped by ${way.skipped.route}: ${way.reason}`
}

const letter = { id: '1', kilograms: 1, class: 'second' }
const express = { ...letter, class: 'first' }

describe('intakes of a service', () => {
  it('are one for each topic, with the version that its records are read as', () => {
    const found = intakes([light, stamp])
    expect([...found].map(([type, { contract }]) => [type, contract.type])).toEqual([
      [postedV2.type, postedV2.type],
      [postedV1.type, postedV2.type],
      [stamped.type, stamped.type],
    ])
    const both = intakes([light, takes(postedV1, 'old')])
    expect(both.get(postedV1.type)?.contract.type).toBe(postedV1.type)
  })

  it('give an event to the first handler whose route holds', () => {
    const found = intakes([heavy, light])
    expect(routed(found, postedV2.type, express)).toBe('heavy by default when class equals first {}')
    expect(routed(found, postedV2.type, letter)).toBe('light by default {"tray":"upper"}')
    expect(routed(found, postedV1.type, letter)).toBe('light by default {"tray":"upper"}')
  })

  it('heed routes of mesh.yaml before those of the service, with their options', () => {
    const found = intakes(
      [heavy, light],
      [
        route(postedV2, 'office/light', {
          where: 'mesh.yaml:4',
          when: { field: 'kilograms', equals: 1 },
          options: { tray: 'lower' },
        }),
        route(postedV2, 'desk/light', { where: 'mesh.yaml:9' }),
      ],
    )
    expect(routed(found, postedV2.type, express)).toBe(
      'light by mesh.yaml:4 when kilograms equals 1 {"tray":"lower"}',
    )
    expect(routed(found, postedV2.type, { ...express, kilograms: 2 })).toBe(
      'heavy by default when class equals first {}',
    )
    expect(routed(found, postedV2.type, { ...letter, kilograms: 2 })).toBe(
      'light skipped by mesh.yaml:4 when kilograms equals 1: route: mesh.yaml:4 when kilograms equals 1 does not hold; default when class equals first does not hold',
    )
    expect(routed(found, postedV1.type, letter)).toBe('light by default {"tray":"upper"}')
  })

  it('skip what a route keeps off, and say by which', () => {
    const off = route(stamped, 'office', { enabled: false, where: 'mesh.yaml:2' })
    const found = intakes([stamp, light], [off])
    expect(routed(found, stamped.type, { id: '1' })).toBe(
      'stamp skipped by mesh.yaml:2: route: mesh.yaml:2 is off',
    )
    const closed = route(postedV2, 'office/light', { enabled: false, where: 'mesh.yaml:5' })
    expect(routed(intakes([heavy, light], [closed]), postedV2.type, letter)).toBe(
      'light skipped by mesh.yaml:5: route: mesh.yaml:5 is off; default when class equals first does not hold',
    )
  })

  it('call no handler for what is skipped', () => {
    const way = intakes([heavy]).get(postedV2.type)?.route(letter)
    if (way === undefined || !('skipped' in way)) throw new TypeError('It was not skipped.')
    expect(() => way.skipped.handler.handle({} as never, {}, {} as never)).toThrow(/was called/)
  })

  it('never throw, whatever the data is', () => {
    const found = intakes(
      [heavy, light],
      [route(postedV2, 'office/light', { when: { field: 'a.b', exists: true } })],
    )
    for (const data of [undefined, null, 3, 'x', [], [[]], { class: { x: 1 } }])
      expect(routed(found, postedV2.type, data)).toMatch(/skipped/)
  })
})
