import { z } from 'zod'
import { STAFF_SCOPES } from '../auth/lms-user.ts'
import type { AnswerDescription, BodyReader, Route } from '../http/route.ts'

type JsonObject = Record<string, unknown>

const problem = z
  .looseObject({
    type: z.string().describe('urn:commerce-mesh:error: and the code.'),
    title: z.string(),
    status: z.int(),
    detail: z.string(),
    code: z.string().describe('MESH_* code; docs/errors.md explains it.'),
    traceId: z.string(),
    errors: z.array(z.strictObject({ path: z.string(), message: z.string() })).optional(),
  })
  .meta({ id: 'Problem' })

const drfError = z
  .looseObject({ detail: z.string().optional() })
  .describe('Django REST framework’s form: `detail`, or a list of messages per field.')
  .meta({ id: 'DrfError' })

const SECURITY_SCHEMES = {
  apiKey: {
    type: 'http',
    scheme: 'bearer',
    bearerFormat: 'mesh_…',
    description: 'An API key of the mesh; where tokens of the LMS are taken, one of these.',
  },
  lmsToken: {
    type: 'apiKey',
    in: 'header',
    name: 'Authorization',
    description:
      '`JWT ` and a token that the LMS issued (RS512 or HS256). Staff may hand in and read orders.',
  },
  stripeSignature: {
    type: 'apiKey',
    in: 'header',
    name: 'Stripe-Signature',
    description: 'HMAC-SHA256 over the raw body, as Stripe sends it.',
  },
  webhookSignature: {
    type: 'http',
    scheme: 'signature',
    description: 'The provider’s signature over the raw body, in the header that the provider documents.',
  },
}

const withoutId = ({ id: _id, ...schema }: JsonObject): JsonObject => schema

/** References of zod's own making lead to components, where named schemas stand once. */
const jsonSchemaOf = (schema: z.ZodType, io: 'input' | 'output'): JsonObject => {
  const { $schema: _dialect, ...made } = z.toJSONSchema(schema, { io }) as JsonObject
  return JSON.parse(JSON.stringify(made).replaceAll('"#/$defs/', '"#/components/schemas/')) as JsonObject
}

const createSchemas = () => {
  const named: Record<string, JsonObject> = {}
  const of = (schema: z.ZodType, io: 'input' | 'output'): JsonObject => {
    const { $defs, ...made } = jsonSchemaOf(schema, io)
    for (const [name, definition] of Object.entries(($defs ?? {}) as Record<string, JsonObject>))
      named[name] ??= withoutId(definition)
    return made
  }
  return { named, of }
}

type Schemas = ReturnType<typeof createSchemas>

const parametersOf = (route: Route, schemas: Schemas): JsonObject[] => {
  const inPath = [...route.path.matchAll(/\{(\w+)\}/g)].map(([, name]) => ({
    name,
    in: 'path',
    required: true,
    schema: { type: 'string' },
  }))
  const inQuery = Object.entries(route.query?.shape ?? {}).map(([name, schema]) => ({
    name,
    in: 'query',
    schema: schemas.of(schema, 'input'),
  }))
  const inHeader = Object.entries(route.headers?.shape ?? {}).map(([name, schema]) => ({
    name,
    in: 'header',
    schema: schemas.of(schema, 'input'),
  }))
  return [...inPath, ...inQuery, ...inHeader]
}

const securityOf = (route: Route): JsonObject[] => {
  if (typeof route.access !== 'string') {
    const apiKey = { apiKey: [...route.access] }
    return route.access.some((scope) => STAFF_SCOPES.includes(scope)) ? [apiKey, { lmsToken: [] }] : [apiKey]
  }
  return 'scheme' in route ? [{ [route.scheme]: [] }] : []
}

const content = (type: string, schema: JsonObject) => ({ [type]: { schema } })

const bodyContent = (body: BodyReader<unknown>, schemas: Schemas): JsonObject =>
  Object.assign(
    {},
    ...Object.entries(body.types ?? { 'application/json': body.schema }).map(([type, schema]) =>
      content(type, schemas.of(schema, 'input')),
    ),
  )

const HEADERS = { 'x-trace-id': { description: 'W3C trace id of the request.', schema: { type: 'string' } } }

const responsesOf = (route: Route, schemas: Schemas): JsonObject => {
  const error =
    route.dialect === undefined
      ? content('application/problem+json', schemas.of(problem, 'output'))
      : content('application/json', schemas.of(drfError, 'output'))
  const described = ([status, answer]: [string, AnswerDescription]) => [
    status,
    {
      description: answer.description,
      headers: HEADERS,
      content:
        answer.schema === undefined
          ? error
          : content(answer.type ?? 'application/json', schemas.of(answer.schema, 'output')),
    },
  ]
  const fallback = {
    description: 'Refused, or not possible now (429 and 503 carry Retry-After).',
    headers: HEADERS,
    content: error,
  }
  return { ...Object.fromEntries(Object.entries(route.answers).map(described)), default: fallback }
}

const operationOf = (route: Route, schemas: Schemas): JsonObject => {
  const parameters = parametersOf(route, schemas)
  return {
    operationId: route.operation,
    summary: route.summary,
    security: securityOf(route),
    ...(parameters.length > 0 && { parameters }),
    ...(route.body && {
      requestBody: {
        required: true,
        content: bodyContent(route.body, schemas),
      },
    }),
    responses: responsesOf(route, schemas),
  }
}

/** The OpenAPI 3.1 description of these routes, made of the schemas that requests are checked with. */
export const openApiDocument = (routes: readonly Route[]): JsonObject => {
  const schemas = createSchemas()
  const paths: Record<string, JsonObject> = {}
  for (const route of routes) {
    const path = (paths[route.path] ??= {})
    path[route.method.toLowerCase()] = operationOf(route, schemas)
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'Commerce Mesh gateway',
      version: '1.0.0',
      description: 'Orders in, status out, and what operators need.',
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    servers: [{ url: '/' }],
    paths,
    components: { schemas: schemas.named, securitySchemes: SECURITY_SCHEMES },
  }
}
