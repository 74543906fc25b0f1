import { createHash } from 'node:crypto'
import { CONTRACTS } from '@commerce-mesh/contracts'
import { describe, expect, it } from '@jest/globals'
import { RUNNABLE } from '../../services.ts'
import { contractsPage } from './page.ts'
import { SEATS, SERVICES } from './seat.fixture.ts'

const page = contractsPage(SEATS, SERVICES, '1.2.3')

const within = (text: string, tag: string): string =>
  new RegExp(`<${tag}>(.*?)</${tag}>`, 's').exec(text)?.[1] ?? ''

const sectionOf = (text: string, type: string): string =>
  new RegExp(`<section id="${type}".*?</section>`, 's').exec(text)?.[0] ?? ''

const idsOf = (text: string) => [...text.matchAll(/ id="([^"]+)"/g)].map(([, id]) => id)

const addressesOf = (text: string) =>
  [...text.matchAll(/(?:href|src)="([^"]+)"/g)].map(([, address = '']) => address)

describe('the reference of contracts', () => {
  it('is allowed to use its own style and script, and nothing else', () => {
    const policy = /Content-Security-Policy" content="([^"]+)"/.exec(page)?.[1]?.replaceAll('&#39;', "'")
    const digest = (text: string) => createHash('sha256').update(text).digest('base64')
    expect(policy).toBe(
      `default-src 'none'; style-src 'sha256-${digest(within(page, 'style'))}'; ` +
        `script-src 'sha256-${digest(within(page, 'script'))}'; base-uri 'none'; form-action 'none'`,
    )
    expect(page).not.toMatch(/ style="| on[a-z]+="/)
  })

  it('reaches for nothing on a network', () => {
    expect(addressesOf(page).filter((address) => /^(?:[a-z]+:|\/)/.test(address))).toEqual([])
    expect(within(page, 'style')).not.toMatch(/url\(|@import/)
  })

  it('has each event once, and links that lead somewhere', () => {
    const ids = idsOf(page)
    expect(new Set(ids).size).toBe(ids.length)
    expect(ids).toEqual(expect.arrayContaining(SEATS.map(({ type }) => type)))
    const inner = addressesOf(page).filter((address) => address.startsWith('#'))
    expect(inner.filter((address) => !ids.includes(address.slice(1)))).toEqual([])
  })

  it('takes texts for text, whatever is in them', () => {
    const section = sectionOf(page, 'seat.reserved.v1')
    expect(section).toContain('A seat is held &lt;b&gt;until&lt;/b&gt; the order is paid.')
    expect(section).toContain('<code>order</code> that holds it */ and &lt;i&gt;no other&lt;/i&gt;.')
    expect(page).not.toMatch(/<[bi]>/)
  })

  it('tells who emits and who reads', () => {
    const section = sectionOf(page, 'seat.reserved.v1')
    expect(section).toContain('<dt>Emitted by</dt><dd>shop</dd>')
    expect(section).toContain(
      '<code>usher/show-to-seat</code> reads <code>count</code>, as <code>seat.reserved.v2</code>, when <code>order begins with A</code>',
    )
    expect(section).toContain('<code>board/write-on-board</code> only shows it')
    expect(sectionOf(page, 'tree.grown.v1')).toContain(
      '<dt>Emitted by</dt><dd>nobody yet</dd>\n<dt>Read by</dt><dd>nobody</dd>',
    )
  })

  it('marks key and personal fields, and tells rules', () => {
    const section = sectionOf(page, 'seat.reserved.v1')
    expect(section).toMatch(/<code>order<\/code> <span class="mark key"/)
    expect(section).toMatch(/<code>buyer<wbr>\.email<\/code> <span class="mark personal"/)
    expect(section).not.toMatch(/<code>paid<\/code> <span/)
    expect(section).toContain('<li>orderOnce must hold</li>')
    expect(section).toContain('must match <code>^[A-Z]&lt;\\d$</code>')
  })

  it('shows an example as an event and as a record, where there is one', () => {
    const section = sectionOf(page, 'seat.reserved.v1')
    expect(section).toContain('<span class="s">&quot;seat.reserved.v1&quot;</span>')
    expect(section).toContain(
      '<span class="k">key</span>: A&lt;1\n<span class="k">headers</span>:\n  <span class="k">ce_specversion</span>: 1.0\n',
    )
    expect(sectionOf(page, 'tree.grown.v1')).toContain('The contract has no example yet.')
  })

  it('leads from an older version to the newest, and shows what its readers make of it', () => {
    expect(sectionOf(page, 'seat.reserved.v1')).toContain(
      'The newest is <a href="#seat.reserved.v2">seat.reserved.v2</a>',
    )
    const newer = sectionOf(page, 'seat.reserved.v2')
    expect(newer).not.toContain('An older version')
    expect(newer).toContain('takes <code>seat.reserved.v1</code> too')
    expect(newer).toContain('<span class="k">&quot;count&quot;</span>: <span class="v">42</span>')
  })

  it('of our contracts is the same each time', () => {
    const made = () => contractsPage(CONTRACTS, RUNNABLE.toReversed(), '0.1.0')
    expect(made()).toBe(made())
    expect(made()).not.toContain('\uFFFD')
  })
})
