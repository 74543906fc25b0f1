import { readFileSync } from 'node:fs'
import path from 'node:path'
import { parse } from 'yaml'
import { z } from 'zod'

const compose = z.object({ services: z.record(z.string(), z.object({ image: z.string().optional() })) })

/** The image of a service in docker-compose.yml: one place says which releases the mesh is run against. */
export const imageOf = (repository: string, service: string): string => {
  const text = readFileSync(path.join(repository, 'docker-compose.yml'), 'utf8')
  const image = compose.parse(parse(text, { merge: true })).services[service]?.image
  if (image === undefined) throw new Error(`docker-compose.yml has no image for ${service}.`)
  return image
}
