import path from 'node:path'
import { describe, expect, it } from '@jest/globals'
import { repository } from '../place/place.ts'
import { run } from '../process/run.ts'

const file = path.join(repository, 'deploy/compose/mesh.yaml')
const main = path.join(repository, 'packages/cli/src/main.ts')

const validate = async (env: Record<string, string>) => {
  const { output } = await run(process.execPath, [main, 'validate', '--json', '--config', file], { env })
  return JSON.parse(output) as { valid: boolean; findings: { code: string; path: string }[] }
}

describe('deploy/compose/mesh.yaml', () => {
  const env = {
    LMS_URL: 'http://sandbox-lms:8081',
    LMS_CLIENT_ID: 'mesh',
    LMS_CLIENT_SECRET: 'mesh-secret',
    LMS_API_KEY: '',
  }

  it('is valid with the environment of docker-compose.yml; one copy on one broker is told of', async () => {
    const { valid, findings } = await validate(env)
    expect(valid).toBe(true)
    expect(findings.map(({ path: setting }) => setting)).toEqual(['bus.kafka.minInsyncReplicas'])
  })

  it('is not valid without a secret that it refers to', async () => {
    const { valid, findings } = await validate({ ...env, LMS_CLIENT_SECRET: '' })
    expect(valid).toBe(false)
    expect(findings.map(({ code }) => code)).toContain('MESH_CONFIG_ENV_MISSING')
  })
})
