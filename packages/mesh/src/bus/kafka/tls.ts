import fs from 'node:fs'
import tls from 'node:tls'
import type { KafkaSettings } from '../../config/schema.ts'
import { MeshError } from '../../errors/mesh-error.ts'

type Settings = NonNullable<KafkaSettings['tls']>

const refuse = (setting: string, happened: string, cause: unknown): never => {
  throw new MeshError('MESH_CONFIG_INVALID', `bus.kafka.tls${setting}: ${happened}`, { cause })
}

const read = (settings: Settings, name: 'ca' | 'cert' | 'key'): string | undefined => {
  const file = settings[name]
  if (file === undefined) return undefined
  try {
    return fs.readFileSync(file, 'utf8')
  } catch (thrown) {
    const { code } = thrown as NodeJS.ErrnoException
    return refuse(`.${name}`, `the file ${file} can’t be read (${code ?? 'unknown reason'}).`, thrown)
  }
}

/**
 * TLS options from the settings; certificates are always verified.
 *
 * @throws MeshError MESH_CONFIG_INVALID: a file is missing, or does not hold what it should.
 */
export const tlsOptions = (settings: Settings): tls.ConnectionOptions => {
  if ((settings.cert === undefined) !== (settings.key === undefined))
    refuse('', '`cert` and `key` only go together.', undefined)
  const ca = read(settings, 'ca')
  const cert = read(settings, 'cert')
  const key = read(settings, 'key')
  const options: tls.ConnectionOptions = {
    rejectUnauthorized: true,
    // Naming an authority would otherwise take away those that Node trusts.
    ...(ca === undefined ? {} : { ca: [...tls.getCACertificates('default'), ca] }),
    ...(cert === undefined ? {} : { cert }),
    ...(key === undefined ? {} : { key }),
  }
  try {
    tls.createSecureContext(options)
  } catch (thrown) {
    const why = thrown instanceof Error ? thrown.message : 'unknown reason'
    refuse('', `a file does not hold what it should as PEM (${why}).`, thrown)
  }
  return options
}
