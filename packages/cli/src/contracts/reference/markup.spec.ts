import { describe, expect, it } from '@jest/globals'
import { jsonHtml } from './json-text.ts'
import { breakable, joined, markup, prose } from './markup.ts'

const textOf = (html: string) =>
  html
    .replaceAll(/<[^>]*>/g, '')
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll('&#39;', "'")
    .replaceAll('&amp;', '&')

describe('markup', () => {
  it('escapes what is put in, once', () => {
    const inner = markup`<b>${'a<b & "c"'}</b>`
    expect(markup`<p title="${`x"'`}">${inner}${[inner]}${3}${undefined}</p>`.html).toBe(
      '<p title="x&quot;&#39;"><b>a&lt;b &amp; &quot;c&quot;</b><b>a&lt;b &amp; &quot;c&quot;</b>3</p>',
    )
  })

  it('keeps line ends and nothing else that is no text', () => {
    expect(markup`${'a\nb\u0000c\u202Ed'}`.html).toBe('a\nb\uFFFDc\uFFFDd')
  })

  it('joins', () => expect(joined([markup`<i>a</i>`, markup`b`], ' & ').html).toBe('<i>a</i> &amp; b'))

  it('makes words between backticks code', () => {
    expect(markup`${prose('`<a>`: paid. `b`')}`.html).toBe('<code>&lt;a&gt;</code>: paid. <code>b</code>')
  })

  it('lets names break', () => expect(markup`${breakable('a.b<.c')}`.html).toBe('a<wbr>.b&lt;<wbr>.c'))
})

describe('JSON', () => {
  const value = {
    'a"': ['x": 1, true', -1.5e-7, true, null, { b: '</script>\\' }],
    empty: {},
    number: '12',
  }

  it('loses nothing', () => {
    expect(JSON.parse(textOf(jsonHtml(value).html))).toEqual(value)
  })

  it('tells names, texts and other values apart', () => {
    expect(jsonHtml({ a: ['b', 1, null] }).html).toBe(
      [
        '{',
        '  <span class="k">&quot;a&quot;</span>: [',
        '    <span class="s">&quot;b&quot;</span>,',
        '    <span class="v">1</span>,',
        '    <span class="v">null</span>',
        '  ]',
        '}',
      ].join('\n'),
    )
  })
})
