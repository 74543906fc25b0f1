import { describe, expect, it } from '@jest/globals'
import { DrfRefusal } from './drf-refusal.ts'
import { fulfillBody } from './fulfill-request.ts'

const REQUEST = {
  course_id: 'course-v1:edX+DemoX+Demo_Course',
  course_mode: 'verified',
  order_placed: 1_681_738_233,
  edx_lms_user_id: 4,
  email_opt_in: 0,
  order_number: '61ec1afa-1b0e-4234-ae28-f997728054fa',
}

const reader = fulfillBody(16)
const read = (body: unknown) =>
  reader.decode(Buffer.from(typeof body === 'string' ? body : JSON.stringify(body)))

const refusalOf = (work: () => unknown) => {
  try {
    work()
  } catch (thrown) {
    if (thrown instanceof DrfRefusal) return { status: thrown.status, body: thrown.body }
    throw thrown
  }
  return undefined
}

describe('the request of the 2023 Coordinator', () => {
  it('is read by its internal names; a provider may be missing', () => {
    expect(read(REQUEST)).toEqual({
      course_id: 'course-v1:edX+DemoX+Demo_Course',
      course_mode: 'verified',
      date_placed: '2023-04-17T13:30:33.000Z',
      edx_lms_user_id: 4,
      email_opt_in: false,
      order_number: '61ec1afa-1b0e-4234-ae28-f997728054fa',
      provider_id: null,
    })
  })

  it('ignores fields that the Coordinator did not know, and takes other backends’ numbers', () => {
    expect(
      read({ ...REQUEST, source_system: 'titan', order_number: '2U-000001', provider: 'asu' }),
    ).toMatchObject({
      order_number: '2U-000001',
      provider_id: 'asu',
    })
  })

  it('answers its own test case: a missing field is a null one, and errors carry internal names', () => {
    const { course_id: _left, ...rest } = REQUEST
    expect(refusalOf(() => read({ ...rest, order_placed: 'bad_date' }))).toEqual({
      status: 400,
      body: { course_id: ['This field may not be null.'], date_placed: ['A valid number is required.'] },
    })
  })

  it.each([
    [{ order_placed: null }, { date_placed: ['This field may not be null.'] }],
    [{ provider: '' }, { provider_id: ['This field may not be blank.'] }],
    [{ edx_lms_user_id: 'x' }, { edx_lms_user_id: ['A valid integer is required.'] }],
    [{ email_opt_in: 'perhaps' }, { email_opt_in: ['Must be a valid boolean.'] }],
    [{ course_mode: '' }, { course_mode: ['This field may not be blank.'] }],
    [{ order_number: false }, { order_number: ['Not a valid string.'] }],
    [{ order_placed: 1e300 }, { date_placed: ['Could not parse POSIX timestamp.'] }],
  ])('%j: %j', (change, body) =>
    expect(refusalOf(() => read({ ...REQUEST, ...change }))).toEqual({ status: 400, body }),
  )

  it('is not fooled by a __proto__ key', () => {
    const body = refusalOf(() => read(`{"__proto__":${JSON.stringify(REQUEST)}}`))?.body
    expect(body).toHaveProperty('course_id', ['This field may not be null.'])
  })

  it.each([
    ['[]', 'list'],
    ['"x"', 'str'],
    ['null', 'NoneType'],
    ['1', 'int'],
    ['1.5', 'float'],
    ['true', 'bool'],
  ])('%s is no dictionary but a %s', (text, type) => {
    expect(refusalOf(() => read(text))).toEqual({
      status: 400,
      body: { non_field_errors: [`Invalid data. Expected a dictionary, but got ${type}.`] },
    })
  })

  it.each([
    ['{"course_id":', 'JSON parse error - Expecting value: line 1 column 14 (char 13)'],
    [
      '{course_id:1}',
      'JSON parse error - Expecting property name enclosed in double quotes: line 1 column 2 (char 1)',
    ],
    ['{"a":1,"a":2}', "JSON parse error - Key 'a' stands twice in its object"],
  ])('%s: %s', (text, detail) =>
    expect(refusalOf(() => read(text))).toEqual({ status: 400, body: { detail } }),
  )

  it('takes JSON only, in the words of the framework', () => {
    const accept = (headers: Record<string, string>) =>
      refusalOf(() => reader.accept({ 'content-length': '9', ...headers }))
    expect(accept({ 'content-type': 'application/json' })).toBeUndefined()
    expect(accept({ 'content-type': 'application/json; charset=UTF-8' })).toBeUndefined()
    expect(accept({ 'content-type': 'text/plain' })).toEqual({
      status: 415,
      body: { detail: 'Unsupported media type "text/plain" in request.' },
    })
    expect(accept({})).toEqual({ status: 415, body: { detail: 'Unsupported media type "" in request.' } })
    expect(accept({ 'content-type': 'application/json', 'content-encoding': 'gzip' })).toMatchObject({
      status: 415,
    })
  })

  it('reads nothing at all as an empty object, as the framework did', () => {
    expect(refusalOf(() => reader.accept({ 'content-length': '0' }))).toBeUndefined()
    expect(refusalOf(() => reader.decode(Buffer.alloc(0)))?.body).toHaveProperty('order_number', [
      'This field may not be null.',
    ])
  })
})
