import { createHash } from 'node:crypto'
import { runInNewContext } from 'node:vm'
import type { OrderStatus } from '@commerce-mesh/gateway'
import { describe, expect, it } from '@jest/globals'
import {
  START,
  attentionTo,
  consumers,
  dead,
  joined,
  letter,
  order,
  placed,
  submitted,
} from '../timeline.fixture.ts'
import { HOSTILE, hostileOrder } from './hostile.fixture.ts'
import { renderHtml } from './html.ts'
import { SCRIPT } from './page.ts'

const draw = (status: OrderStatus) =>
  renderHtml(status, { now: new Date(START + 20_000), consumers }).join('\n')

const FAILED = order([submitted, { ...joined, route: 'mesh.yaml:12' }, placed, dead(5), letter(6)], {
  status: 'failed',
  attention: [attentionTo(letter(6))],
})

const policyOf = (page: string): Readonly<Record<string, readonly string[]>> => {
  const [, policy = ''] = /<meta http-equiv="Content-Security-Policy" content="([^"]+)">/.exec(page) ?? []
  return Object.fromEntries(
    policy.split('; ').map((directive) => {
      const [name = '', ...sources] = directive.split(' ')
      return [name, sources]
    }),
  )
}

const contentsOf = (page: string, tag: string): readonly string[] =>
  [...page.matchAll(new RegExp(`<${tag}>([^]*?)</${tag}>`, 'g'))].map(([, text]) => text ?? '')

const sectionOf = (page: string, nth: number): string =>
  new RegExp(`<section data-detail="${nth}" hidden>(.*?)</section>`).exec(page)?.[1] ?? ''

describe('renderHtml', () => {
  const page = draw(FAILED)

  it('forbids everything but its own script and styles', () => {
    const hashes = (tag: string) =>
      contentsOf(page, tag).map((text) => `'sha256-${createHash('sha256').update(text).digest('base64')}'`)
    expect(policyOf(page)).toEqual({
      'default-src': ["'none'"],
      'script-src': hashes('script'),
      'style-src': hashes('style'),
      'base-uri': ["'none'"],
      'form-action': ["'none'"],
    })
    expect(contentsOf(page, 'script')).toHaveLength(1)
    expect(contentsOf(page, 'style')).toHaveLength(2)
    expect(page).not.toMatch(/ style="/)
  })

  it('holds the picture, and all rows once more as a table', () => {
    expect(page).toMatch(/<figure>\n<svg [^]*<\/svg>\n<\/figure>/)
    expect(page.match(/<g class="row" data-row="\d+"/g)).toHaveLength(5)
    expect(page.match(/<tr data-row="\d+"/g)).toHaveLength(5)
    expect(page).toContain(
      '<tr data-row="1" tabindex="0"><td class="time">+2 ms</td><td>payments/handle</td><td>done</td><td class="time">1.2 ms</td><td></td><td>mesh.yaml:12</td></tr>',
    )
  })

  it('has the details of each row, with the catalogue’s advice', () => {
    const attempt = sectionOf(page, 3)
    expect(attempt).toMatch(/<dt>Code<\/dt><dd>MESH_LMS_LEARNER_UNKNOWN<\/dd>/)
    expect(attempt).toMatch(/<dt>To do<\/dt><dd>[^<]*redrive/)
    expect(attempt).toMatch(/<dt>Event<\/dt><dd>order\.placed\.v1, id e2<\/dd>/)
    expect(sectionOf(page, 1)).toMatch(/<dt>Route<\/dt><dd>mesh\.yaml:12<\/dd>/)
    expect(sectionOf(page, 4)).toMatch(/<dd>mesh dead show dl-1<\/dd>/)
  })

  it('says when it was so', () => expect(page).toContain('As seen at 2026-11-21T12:00:20.000Z.'))

  it('takes what comes from outside for text', () => {
    const hostile = draw(hostileOrder())
    const own = (text: string) => text.replaceAll(SCRIPT, '').replaceAll(/<style>[^]*?<\/style>/g, '')
    expect(hostile.match(/<script/g)).toHaveLength(1)
    expect(own(hostile)).not.toMatch(/ on\w+="/)
    expect(own(hostile)).not.toMatch(/<(?:img|a|iframe|link|object|embed|form|base)\b/)
    expect(own(hostile).replaceAll('\n', '')).not.toMatch(/[\p{Cc}\u202E]/u)
    for (const text of HOSTILE) expect(own(hostile)).not.toContain(text)
    expect(own(hostile).replace('http://www.w3.org/2000/svg', '')).not.toMatch(/https?:/)
  })
})

/** As much of a page as the script uses: rows and details that know their number. */
const runScript = () => {
  const element = (dataset: Record<string, string>) => {
    const listeners = new Map<string, (event: { key?: string }) => void>()
    const classes = new Set<string>()
    return {
      dataset,
      hidden: true,
      classes,
      classList: {
        toggle: (name: string, on: boolean) => void (on ? classes.add(name) : classes.delete(name)),
      },
      addEventListener: (name: string, listen: (event: { key?: string }) => void) =>
        void listeners.set(name, listen),
      send: (name: string, event: { key?: string } = {}) => listeners.get(name)?.(event),
    }
  }
  const rows = ['0', '1', '0', '1'].map((row) => element({ row }))
  const details = ['', '0', '1'].map((detail) => element({ detail }))
  const found: Record<string, unknown> = { '[data-row]': rows, '[data-detail]': details }
  runInNewContext(SCRIPT, { document: { querySelectorAll: (selector: string) => found[selector] } })
  return {
    rows,
    shown: () => details.filter(({ hidden }) => !hidden).map(({ dataset }) => dataset['detail']),
    marked: () => rows.flatMap(({ classes }, nth) => (classes.has('shown') ? [nth] : [])),
  }
}

describe('the script of the page', () => {
  it('shows the details of the row that is pointed at, in the picture and in the table', () => {
    const { rows, shown, marked } = runScript()
    rows[1]?.send('mouseenter')
    expect([shown(), marked()]).toEqual([['1'], [1, 3]])
    rows[2]?.send('mouseenter')
    expect([shown(), marked()]).toEqual([['0'], [0, 2]])
  })

  it('keeps them after a click or the enter key, and lets go at the next', () => {
    const { rows, shown } = runScript()
    rows[0]?.send('click')
    rows[1]?.send('mouseenter')
    expect(shown()).toEqual(['0'])
    rows[1]?.send('keydown', { key: 'Enter' })
    expect(shown()).toEqual(['1'])
    rows[0]?.send('keydown', { key: 'x' })
    rows[1]?.send('click')
    rows[0]?.send('mouseenter')
    expect(shown()).toEqual(['0'])
  })
})
