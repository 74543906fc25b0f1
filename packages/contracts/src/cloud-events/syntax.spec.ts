import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { isAttributeText, isMediaType, isTimestamp, isUri, isUriReference } from './syntax.ts'

describe('URI-reference (RFC 3986)', () => {
  it.each([
    // CloudEvents 1.0 "source" and its JSON schema
    'https://github.com/cloudevents',
    'mailto:cncf-wg-serverless@lists.cncf.io',
    'urn:uuid:6e8bc430-9c3a-11d9-9669-0800200c9a66',
    '/cloudevents/spec/pull/123',
    'cloudevents/spec/pull/123',
    '/sensors/tn-1234567/alerts',
    '1-555-123-4567',
    // RFC 3986 section 1.1.2
    'ftp://ftp.is.co.za/rfc/rfc1808.txt',
    'ldap://[2001:db8::7]/c=GB?objectClass?one',
    'news:comp.infosystems.www.servers.unix',
    'tel:+1-816-555-1212',
    'telnet://192.0.2.16:80/',
    // RFC 3986 section 5.4
    './g',
    '//g',
    '?y',
    'g?y#s',
    ';x',
    '../../g',
    'g#s/../x',
    'openedx/lms/web',
    'a%20b',
    '',
  ])('takes %p', (text) => {
    expect(isUriReference(text)).toBe(true)
  })

  it.each([
    'a b',
    '/störung',
    '50%',
    '/%zz',
    'a\\b',
    '<a>',
    'a^b',
    '{id}',
    '"a"',
    '1a:b',
    'http://[::1',
    'http://a:b:c/',
    '//a:b:c',
    'a#b#c',
    '/a[1]',
  ])('refuses %p', (text) => {
    expect(isUriReference(text)).toBe(false)
  })

  it('takes every web address', () => {
    fc.assert(
      fc.property(fc.webUrl({ withFragments: true, withQueryParameters: true }), (url) => {
        expect(isUriReference(url)).toBe(true)
        expect(isUri(url)).toBe(true)
      }),
    )
  })

  it('answers at once on long hostile text', () => {
    const hostile = [
      `${'/a:'.repeat(1300)} `,
      `${'a@'.repeat(2000)} `,
      `${'%41'.repeat(1300)}%`,
      `x:${'//'.repeat(2000)} `,
    ]
    const started = performance.now()
    for (const text of hostile) expect(isUriReference(text)).toBe(false)
    expect(performance.now() - started).toBeLessThan(500)
  })
})

describe('URI', () => {
  it('needs a scheme', () => {
    expect(isUri('https://example.org/schemas/order#v1')).toBe(true)
    expect(isUri('/schemas/order')).toBe(false)
    expect(isUri('')).toBe(false)
  })
})

describe('timestamp (RFC 3339)', () => {
  it.each([
    // RFC 3339 section 5.8
    '1985-04-12T23:20:50.52Z',
    '1996-12-19T16:39:57-08:00',
    '1990-12-31T23:59:60Z',
    '1990-12-31T15:59:60-08:00',
    '1937-01-01T12:00:27.87+00:20',
    '2018-04-05t17:31:00z',
    '2024-02-29T00:00:00Z',
    '2000-02-29T00:00:00Z',
  ])('takes %p', (text) => {
    expect(isTimestamp(text)).toBe(true)
  })

  it.each([
    '2026-01-02',
    '2026-01-02T03:04Z',
    '2026-01-02T03:04:05',
    '2026-01-02 03:04:05Z',
    '2026-13-02T03:04:05Z',
    '2026-02-30T03:04:05Z',
    '2023-02-29T00:00:00Z',
    '1900-02-29T00:00:00Z',
    '2026-04-31T03:04:05Z',
    '2026-01-02T24:00:00Z',
    '2026-01-02T03:04:60Z',
    '2026-01-02T03:04:05+25:00',
    '2026-01-02T03:04:05.Z',
    '1767323045',
    'yesterday',
    '',
  ])('refuses %p', (text) => {
    expect(isTimestamp(text)).toBe(false)
  })

  it('takes what JavaScript writes, for every instant', () => {
    const years = {
      min: new Date('0000-01-01T00:00:00Z'),
      max: new Date('9999-12-31T23:59:59Z'),
      noInvalidDate: true,
    }
    fc.assert(fc.property(fc.date(years), (date) => expect(isTimestamp(date.toISOString())).toBe(true)))
  })
})

describe('media type (RFC 2046)', () => {
  it.each([
    'application/json',
    'application/json; charset=utf-8',
    'TEXT/Plain; CharSet="utf-8"',
    'application/vnd.apache.thrift.binary',
    'multipart/form-data;boundary="a b\\"c"',
    'application/json ; a=b;c=d',
    'application/json;',
  ])('takes %p', (text) => {
    expect(isMediaType(text)).toBe(true)
  })

  it.each([
    'json',
    'application/',
    '/json',
    'application/json; charset',
    'application/json, text/plain',
    'a/b; c="',
    'a b/c',
    '',
  ])('refuses %p', (text) => {
    expect(isMediaType(text)).toBe(false)
  })

  it('answers at once on long hostile text', () => {
    const started = performance.now()
    expect(isMediaType(`a/b${' ; '.repeat(1300)},`)).toBe(false)
    expect(isMediaType(`a/b;c="${'\\a'.repeat(2000)}`)).toBe(false)
    expect(performance.now() - started).toBeLessThan(500)
  })
})

describe('attribute text', () => {
  it.each(['', 'plain', 'Grüße', '日本', '😀', '\u00a0'])('takes %p', (text) => {
    expect(isAttributeText(text)).toBe(true)
  })

  // CloudEvents "Type System": control characters, noncharacters, surrogates that are not paired.
  it.each([
    'a\nb',
    '\u0000',
    '\u007f',
    '\u0085',
    '\u009f',
    '\ufdd0',
    '\ufdef',
    '\uffff',
    '\u{1ffff}',
    '\u{10fffe}',
    '\udead',
    'a\ud800',
  ])('refuses %j', (text) => {
    expect(isAttributeText(text)).toBe(false)
  })
})
