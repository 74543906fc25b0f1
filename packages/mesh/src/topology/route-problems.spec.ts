import { describe, expect, it } from '@jest/globals'
import { z } from 'zod'
import type { DeclaredService } from './declared-mesh.ts'
import { postedV1, postedV2, route, serviceOf, stamped, takes } from '../routes/letter.fixture.ts'
import { routeProblems, unknownEvent } from './route-problems.ts'
import type { RouteSettings } from '../routes/settings.ts'

const options = z.strictObject({ tray: z.string(), copies: z.int().min(1).default(1) })

const office = serviceOf('office', [
  takes(postedV2, 'express', { when: { field: 'class', equals: 'first' } }),
  takes(postedV2, 'sort'),
  takes(stamped, 'stamp'),
])
const printer = serviceOf('printer', [takes(stamped, 'print', { options })])
const board = serviceOf('board', [takes(stamped, 'show')], { journaled: false })

const found = (services: readonly DeclaredService[], ...routes: readonly RouteSettings[]) =>
  routeProblems({ services, contracts: [], sources: [] }, routes).map(
    ({ code, path, message, severity = 'error' }) => `${severity} ${code} ${path.join('.')}: ${message}`,
  )

const tray = route(stamped, 'printer', { options: { tray: 'a' } })

describe('routes that are right', () => {
  it.each<[string, readonly RouteSettings[]]>([
    ['none', []],
    ['a service with one handler for the event', [route(stamped, 'office')]],
    [
      'one of several handlers',
      [route(postedV2, 'office/sort', { when: { field: 'kilograms', equals: 2 } })],
    ],
    ['an older version', [route(postedV1, 'office/sort', { when: { field: 'kilograms', equals: 2 } })]],
    [
      'the same handler for two events',
      [route(postedV2, 'office/sort'), route(postedV1, 'office/sort')].map((one) => ({
        ...one,
        when: { field: 'class', equals: 'first' },
      })),
    ],
  ])('%s', (_name, routes) => expect(found([office], ...routes)).toEqual([]))
})

describe('what is wrong with routes', () => {
  it('is told once, also of a route that is wrong in a way that others would follow from', () => {
    expect(found([office], route(postedV2, 'office'))).toEqual([
      'error MESH_ROUTE_HANDLER_UNKNOWN routes.0.to: office has several handlers for letter.posted.v2.',
    ])
    expect(found([office], route(postedV2, 'office/sort', { when: { feld: 'class' } }))).toEqual([
      "error MESH_CONFIG_UNKNOWN_KEY routes.0.when.feld: a condition has no 'feld'.",
    ])
    expect(
      found([office], route(stamped, 'office', { where: 'mesh.yaml:2' }), route(stamped, 'office/stamp')),
    ).toEqual([
      'error MESH_ROUTE_DUPLICATE routes.1: letter.stamped.v1 is routed to office/stamp already, by mesh.yaml:2.',
    ])
    expect(found([office], route(stamped, 'office'), route(stamped, 'office', { enabled: false }))).toEqual([
      expect.stringMatching(/^error MESH_ROUTE_DUPLICATE routes\.1/),
    ])
  })

  it('is an event that there is none of, and a target that does not take it', () => {
    expect(found([office], route({ ...postedV1, type: 'letter.postd.v1' } as never, 'office'))).toEqual([
      "error MESH_ROUTE_EVENT_UNKNOWN routes.0.event: there is no event 'letter.postd.v1'.",
    ])
    expect(found([office, printer], tray, route(postedV2, 'printer'))).toEqual([
      'error MESH_ROUTE_MISMATCH routes.1.event: printer does not take letter.posted.v2.',
    ])
    expect(found([office], route(postedV2, 'office/sort/now'))).toEqual([
      "error MESH_ROUTE_HANDLER_UNKNOWN routes.0.to: there is no handler 'sort/now' in office.",
    ])
  })

  it('is a condition that never holds for the version that the handler reads', () =>
    expect(found([office], route(postedV1, 'office/sort', { when: { field: 'grams', equals: 5 } }))).toEqual([
      "error MESH_ROUTE_FIELD_UNKNOWN routes.0.when.field: letter.posted.v2 has no field 'grams'.",
    ]))

  it('is a handler that another one leaves nothing to', () => {
    const all = route(postedV2, 'office/sort', { where: 'mesh.yaml:5' })
    expect(found([office], all)).toEqual([
      'error MESH_ROUTE_UNREACHABLE routes.0: office/express never gets letter.posted.v2: sort takes every one before it (mesh.yaml:5).',
    ])
    expect(found([office], all, route(postedV2, 'office/express'))).toEqual([
      expect.stringMatching(/^error MESH_ROUTE_UNREACHABLE routes\.1: office\/express/),
    ])
    expect(found([office], { ...all, enabled: false })).toEqual([
      'warning MESH_ROUTE_OFF routes.0.enabled: office/sort gets no letter.posted.v2.',
    ])
    const crowd = serviceOf('crowd', [takes(stamped, 'one'), takes(stamped, 'two')])
    expect(found([crowd])).toEqual([
      'error MESH_ROUTE_UNREACHABLE services.crowd: crowd/two never gets letter.stamped.v1: one takes every one before it (default).',
    ])
    expect(found([crowd], route(stamped, 'crowd/one', { enabled: false }))).toEqual([
      expect.stringMatching(/^warning MESH_ROUTE_OFF/),
    ])
  })

  it('is a route past a service that only shows what others did', () =>
    expect(found([board], route(stamped, 'board', { when: { field: 'id', equals: '1' } }))).toEqual([
      'error MESH_ROUTE_PROJECTION routes.0.to: board shows what others did, and takes every event for that.',
    ]))

  it('is options that the handler does not take, or that nobody gives it', () => {
    expect(found([printer], tray)).toEqual([])
    expect(found([printer])).toEqual([
      'error MESH_ROUTE_OPTIONS services.printer: printer/print needs options for letter.stamped.v1, and no route gives them.',
    ])
    expect(found([printer], { ...tray, options: { tray: 1, copies: 0, colour: 'red' } })).toEqual([
      'error MESH_ROUTE_OPTIONS routes.0.options.tray: is a number; it must be text.',
      'error MESH_ROUTE_OPTIONS routes.0.options.copies: must be a whole number, 1 or more.',
      "error MESH_CONFIG_UNKNOWN_KEY routes.0.options.colour: print has no option 'colour'.",
    ])
    expect(found([office], route(stamped, 'office', { options: {} }))).toEqual([
      'error MESH_ROUTE_OPTIONS routes.0.options: stamp takes no options.',
    ])
  })

  it('is a handler’s own condition that never holds', () =>
    expect(
      found([serviceOf('office', [takes(postedV2, 'sort', { when: { field: 'class', equals: 'third' } })])]),
    ).toEqual([expect.stringMatching(/^error MESH_ROUTE_NEVER services\.office: handler sort: class of/)]))
})

describe('an event that there is no contract for', () => {
  const known = ['order.placed.v1', 'order.placed.v2', 'seat.taken.v1']
  it.each([
    [
      'order.placed.v9',
      {
        message: "there is no version 'order.placed.v9' of this event.",
        fix: 'There are: order.placed.v1, order.placed.v2.',
      },
    ],
    [
      'seat.taken.v2',
      { message: "there is no version 'seat.taken.v2' of this event.", fix: 'There is: seat.taken.v1.' },
    ],
    [
      'seat.taken',
      { message: "there is no version 'seat.taken' of this event.", fix: 'There is: seat.taken.v1.' },
    ],
    [
      'order.plcaed.v1',
      { message: "there is no event 'order.plcaed.v1'.", fix: "Did you mean 'order.placed.v1'?" },
    ],
    [
      'x',
      {
        message: "there is no event 'x'.",
        fix: 'There are: order.placed.v1, order.placed.v2, seat.taken.v1.',
      },
    ],
  ])('%s', (type, expected) => expect(unknownEvent(type, known)).toEqual(expected))
})
