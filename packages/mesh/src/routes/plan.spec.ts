import { describe, expect, it } from '@jest/globals'
import { z } from 'zod'
import { postedV1, postedV2, route, serviceOf, stamped, takes } from './letter.fixture.ts'
import { handlersFor, namedBy, planRoutes, routeText } from './plan.ts'
import type { Routable } from './plan.ts'
import type { RouteSettings } from './settings.ts'

const heavy = { field: 'kilograms', equals: 2 }

const first = takes(postedV2, 'first')
const second = takes(postedV2, 'second', { when: heavy })
const old = takes(postedV1, 'old')
const stamp = takes(stamped, 'stamp')

const planned = (services: readonly Routable[], routes: readonly RouteSettings[] = []) =>
  planRoutes(services, routes).map(
    ({ event, service, handler, enabled, where, when }) =>
      `${event} ${service}/${handler.name} ${where}${enabled ? '' : ' off'}${when === undefined ? '' : ' when'}`,
  )

describe('handlers for an event', () => {
  const names = (handlers: readonly (typeof first)[], type: string) =>
    handlersFor({ handlers }, type).map(({ name }) => name)

  it('are those of its own version before those that it is upcast for', () => {
    expect(names([first, old], postedV1.type)).toEqual(['old'])
    expect(names([first, old], postedV2.type)).toEqual(['first'])
    expect(names([first, second], postedV1.type)).toEqual(['first', 'second'])
    expect(names([old], postedV2.type)).toEqual([])
    expect(names([stamp], postedV1.type)).toEqual([])
  })
})

describe('the target of a route', () => {
  const services = [serviceOf('office', [first, second, stamp]), serviceOf('desk', [old])]
  const named = (to: string, event = postedV2.type) =>
    namedBy(services, { event, to }).map(({ service, handler }) => `${service}/${handler.name}`)

  it.each([
    ['office/first', ['office/first']],
    ['office', ['office/first', 'office/second']],
    ['office/stamp', []],
    ['office/', []],
    ['office/first/again', []],
    ['offices', []],
    ['/first', []],
    ['desk', []],
  ])('%s: %j', (to, expected) => expect(named(to)).toEqual(expected))

  it('may take an older version', () => {
    expect(named('office/first', postedV1.type)).toEqual(['office/first'])
    expect(named('desk', postedV1.type)).toEqual(['desk/old'])
  })
})

describe('a plan', () => {
  const services = [serviceOf('office', [first, second, stamp]), serviceOf('desk', [old])]

  it('is what the services declare where mesh.yaml says nothing', () =>
    expect(planned(services)).toEqual([
      'letter.posted.v2 office/first default',
      'letter.posted.v2 office/second default when',
      'letter.posted.v1 office/first default',
      'letter.posted.v1 office/second default when',
      'letter.stamped.v1 office/stamp default',
      'letter.posted.v1 desk/old default',
    ]))

  it('begins with the routes of mesh.yaml in their order, each in place of the service’s own', () =>
    expect(
      planned(services, [
        route(stamped, 'office', { where: 'mesh.yaml:3' }),
        route(postedV2, 'office/second', { where: 'mesh.yaml:6' }),
        route(postedV2, 'office/first', { enabled: false, when: heavy }),
      ]),
    ).toEqual([
      'letter.stamped.v1 office/stamp mesh.yaml:3',
      'letter.posted.v2 office/second mesh.yaml:6',
      'letter.posted.v2 office/first routes.2 off when',
      'letter.posted.v1 office/first default',
      'letter.posted.v1 office/second default when',
      'letter.posted.v1 desk/old default',
    ]))

  it('leaves out routes that lead nowhere', () =>
    expect(planned([serviceOf('desk', [old])], [route(stamped, 'desk'), route(postedV1, 'office')])).toEqual([
      'letter.posted.v1 desk/old default',
    ]))

  it('gives options as the handler’s schema makes them, with its defaults', () => {
    const options = z.strictObject({ tray: z.string(), copies: z.int().default(1) })
    const office = serviceOf('office', [takes(stamped, 'stamp', { options }), old])
    const optionsOf = (routes: readonly RouteSettings[]) =>
      planRoutes([office], routes).map(({ handler, options: given }) => [handler.name, given])
    expect(optionsOf([route(stamped, 'office', { options: { tray: 'upper' } })])).toEqual([
      ['stamp', { tray: 'upper', copies: 1 }],
      ['old', {}],
    ])
    expect(optionsOf([route(postedV1, 'office', { options: { tray: 'upper' } })])[0]).toEqual(['old', {}])
    expect(optionsOf([route(stamped, 'office', { options: { copies: 'two' } })])[0]).toEqual(['stamp', {}])
  })

  it('keeps from everybody what has a condition that can’t be read', () => {
    const [broken] = planRoutes([serviceOf('desk', [old])], [route(postedV1, 'desk', { when: { feld: 1 } })])
    expect(broken?.when).toEqual({ any: [] })
    expect(broken && routeText(broken)).toBe('routes.0 when never')
  })
})

describe('a route in words', () => {
  it('names its place and its condition, and nothing personal', () => {
    const text = (settings: Partial<RouteSettings>) =>
      planRoutes([serviceOf('office', [first])], [route(postedV2, 'office', settings)]).map(routeText)[0]
    expect(text({ where: 'mesh.yaml:3' })).toBe('mesh.yaml:3')
    expect(text({ where: 'mesh.yaml:3', when: heavy })).toBe('mesh.yaml:3 when kilograms equals 2')
    expect(text({ when: { field: 'to', prefix: 'Alice' } })).toBe('routes.0 when to begins with [personal]')
  })
})
