import { z } from 'zod'
import { type Route, openRoute } from '../http/route.ts'
import { openApiDocument } from './document.ts'

/** `/openapi.json`: all routes, this one too. Made when first asked for. */
export const withOpenApi = (routes: readonly Route[]): readonly Route[] => {
  let body: string | undefined
  const all: readonly Route[] = [
    ...routes,
    openRoute({
      method: 'GET',
      path: '/openapi.json',
      operation: 'readOpenApi',
      summary: 'This description.',
      access: 'public',
      answers: { 200: { description: 'OpenAPI 3.1.', schema: z.looseObject({ openapi: z.string() }) } },
      handle: () => ({
        status: 200,
        type: 'application/json',
        body: (body ??= JSON.stringify(openApiDocument(all))),
      }),
    }),
  ]
  return all
}
