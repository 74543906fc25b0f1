import type { OrderStatus } from '@commerce-mesh/gateway'
import { describe, expect, it } from '@jest/globals'
import {
  START,
  attentionTo,
  consumers,
  dead,
  event,
  fulfilled,
  granted,
  hop,
  joined,
  letter,
  order,
  placed,
  retry,
  submitted,
} from '../timeline.fixture.ts'
import { hostileOrder } from './hostile.fixture.ts'
import { renderSvg } from './svg.ts'

const draw = (status: OrderStatus, nowMs = 20_000, notes: Record<string, string> = {}) =>
  renderSvg(status, { now: new Date(START + nowMs), consumers, notes }).join('\n')

/** The elements of a picture; fails where tags don't fit each other. */
const elementsOf = (svg: string): readonly string[] => {
  const open: string[] = []
  const seen: string[] = []
  const rest = svg.replaceAll(
    /<(\/?)([a-z]+)((?: [a-zA-Z0-9:-]+="[^"<>]*")*)(\/?)>/g,
    (_tag, end, name, _attributes, self) => {
      if (end === '/') expect(open.pop()).toBe(name)
      else {
        seen.push(String(name))
        if (self !== '/') open.push(String(name))
      }
      return ''
    },
  )
  expect(open).toEqual([])
  expect(rest).not.toMatch(/[<>]/)
  return seen
}

const rowsIn = (svg: string): readonly string[] => svg.split('<g class="row"').slice(1)

describe('renderSvg', () => {
  it('names every event and attempt, and says what came of it in words', () => {
    const svg = draw(order([submitted, joined, placed, granted, fulfilled], { status: 'fulfilled' }))
    expect(svg).toContain('>Order EDX-1: fulfilled<')
    expect(svg).toContain('>times are since 2026-11-21 12:00:00.000Z<')
    const rows = rowsIn(svg)
    expect(rows).toHaveLength(5)
    expect(rows[3]).toMatch(/>fulfillment\/handle<.*>done<.*>31 ms</)
    expect(svg).not.toMatch(/class="(gap|open|now|cut)"/)
  })

  it('gives each service a colour of its own, and the legend the same', () => {
    const svg = draw(order([submitted, joined, placed, granted]))
    const colours = [...svg.matchAll(/<rect [^>]*rx="2" fill="(#\w+)"/g)].map(([, colour]) => colour)
    const [payments, fulfillment] = colours
    expect(payments).not.toBe(fulfillment)
    expect(colours).toEqual([payments, fulfillment, payments, fulfillment])
  })

  it('draws the time until the next attempt as a thin dashed line, and what waits open to the right', () => {
    const svg = draw(order([submitted, joined, placed, retry(5, 1, 1_005), retry(1_005, 2, 24_000)]))
    const [first, second] = rowsIn(svg).slice(3)
    expect(first).toMatch(/class="gap".*>999 ms</)
    expect(first).not.toContain('class="open"')
    expect(second).toMatch(/class="open".*>next 12:00:24Z</)
    expect(svg).toContain('>now<')
    expect(svg).toContain('>nothing happened: cut short<')
  })

  it('marks what a person must look at by shape, not by colour alone', () => {
    const status = order([submitted, joined, placed, dead(5), letter(6)], {
      status: 'failed',
      attention: [attentionTo(letter(6))],
    })
    const svg = draw(status)
    const [attempt, aside] = rowsIn(svg).slice(3)
    expect(attempt).toMatch(/class="strong"[^>]*>dead MESH_LMS_LEARNER_UNKNOWN<.*class="cross"/)
    expect(aside).toMatch(
      />dead letter dl-1<.*>permanent MESH_LMS_LEARNER_UNKNOWN<.*class="open".*class="cross"/,
    )
    expect(svg).toContain('>a person must look: dead letter dl-1, MESH_LMS_LEARNER_UNKNOWN<')
  })

  it('draws every outcome in another way', () => {
    const outcomes = ['done', 'suppressed', 'retry', 'dead'] as const
    const shapes = outcomes.map((outcome) => {
      const row = rowsIn(draw(order([submitted, hop('payments', 'e1', 'x.y.v1', 2, { outcome })])))[1] ?? ''
      return row.slice(row.lastIndexOf('</text>')).replaceAll(/[\d.]+/g, '')
    })
    expect(new Set(shapes).size).toBe(outcomes.length)
  })

  it('names the payment that paid, before one that failed', () => {
    const failed = event('n0', 'payment.notified.v1', 1, { paymentReference: 'pi_0' })
    const paid = { ...placed, paymentReference: 'pi_1' }
    expect(draw(order([submitted, failed, joined, paid]))).toContain('>handed in by shop, payment pi_1<')
    expect(draw(order([submitted, failed]))).toContain('>handed in by shop, payment pi_0<')
  })

  it('names the first lines of a large order and counts the rest', () => {
    const lines = Array.from({ length: 90 }, (_, nth) => ({ lineId: `${nth}`, state: 'paid' as const }))
    const svg = draw(order([submitted], { lines, submittedBy: null }))
    expect(svg.match(/>line \d+ {2}paid</g)).toHaveLength(6)
    expect(svg).toMatch(/>and 84 more lines<[^]*>times are/)
    expect(svg).toContain('>not handed in by a storefront yet<')
  })

  it('is a picture also of an order that nothing has handled', () => {
    const svg = draw(order([]))
    elementsOf(svg)
    expect(svg).toContain('>accepted; nothing has handled it yet<')
    expect(svg).not.toContain('NaN')
  })

  it('is well-formed, runs nothing and asks nobody, whatever stands in the order', () => {
    for (const status of [
      hostileOrder(),
      order([submitted, joined, placed, retry(5, 1, 1_005), retry(1_005, 2, 24_000)]),
    ]) {
      const svg = draw(status, 5_000_000, { fulfillment: '<b>&' })
      const elements = new Set(elementsOf(svg))
      expect([...elements].toSorted()).toEqual(
        [...elements]
          .filter((name) =>
            [
              'svg',
              'title',
              'style',
              'defs',
              'pattern',
              'rect',
              'text',
              'line',
              'path',
              'circle',
              'g',
            ].includes(name),
          )
          .toSorted(),
      )
      expect(svg).not.toMatch(/ (?:on\w+|href|xlink:href|src)="/)
      expect(svg.replace('http://www.w3.org/2000/svg', '')).not.toMatch(/https?:|url\((?!#)|@import/)
      expect(svg.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\u202E]/u)
      expect(svg.isWellFormed()).toBe(true)
      expect(svg).not.toMatch(/NaN|undefined|Infinity/)
    }
  })
})
