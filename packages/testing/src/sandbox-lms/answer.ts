/** What the sandbox sends back over HTTP: the body is already text, so that it is serialised once. */
export interface Answer {
  readonly status: number
  /** `null` where the answer has no body (Django REST Framework sends no content type then). */
  readonly contentType: string | null
  readonly body: string
  readonly headers: Readonly<Record<string, string>>
}

const noHeaders: Readonly<Record<string, string>> = {}

/** A JSON answer. */
export function json(status: number, value: unknown, headers = noHeaders): Answer {
  return { status, contentType: 'application/json', body: JSON.stringify(value), headers }
}

/** An answer without a body, as the LMS gives to a caller without permission (404) or for an unknown account. */
export function empty(status: number): Answer {
  return { status, contentType: null, body: '', headers: noHeaders }
}

/** `{"message": …}`: the error body of the enrollment views. */
export function message(status: number, text: string): Answer {
  return json(status, { message: text })
}

/** `{"detail": …}`: the error body of Django REST Framework itself (authentication, permission, throttling, parsing). */
export function detail(status: number, text: string, headers = noHeaders): Answer {
  return json(status, { detail: text }, headers)
}

/** An HTML page, as Django or the proxy before it answers when no view did. */
export function page(status: number, title: string, headers = noHeaders): Answer {
  const body = `<!doctype html><html lang="en"><head><title>${title}</title></head><body><h1>${title}</h1></body></html>`
  return { status, contentType: 'text/html; charset=utf-8', body, headers }
}

/** The LMS's answer when a view raised: Django's plain page, not JSON. */
export const serverError: Answer = page(500, 'Server Error (500)')

/** A 401 with the challenge of the LMS's first authentication class. */
export function unauthenticated(text: string): Answer {
  return detail(401, text, { 'www-authenticate': 'JWT realm="api"' })
}

/** A 403 of a permission class. */
export const forbidden: Answer = detail(403, 'You do not have permission to perform this action.')
