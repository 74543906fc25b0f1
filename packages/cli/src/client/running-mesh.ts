import fs from 'node:fs'
import { engineMark, readOwner } from '@commerce-mesh/mesh'
import type { EngineMark } from '@commerce-mesh/mesh'
import type { Input } from '../command/input.ts'
import { dataDirectory } from '../data/place.ts'
import { operatorKeyFile } from '../data/secrets.ts'
import { engineConfig } from '../engines/read.ts'
import type { Terminal } from '../terminal/terminal.ts'
import { addressOf, isSameHost } from './address.ts'
import type { Endpoint } from './http-call.ts'

const isAlive = (pid: number): boolean => {
  try {
    process.kill(pid, 0)
    return true
  } catch (thrown) {
    return Error.isError(thrown) && 'code' in thrown && thrown.code === 'EPERM'
  }
}

const keyIn = (data: string): string | undefined => {
  try {
    return fs.readFileSync(operatorKeyFile(data), 'utf8').trim()
  } catch {
    return undefined
  }
}

const withoutSlash = (url: string) => url.replace(/\/+$/, '')

/** A mesh that listens on every address says so; it is asked on this machine's own. */
const reachable = (url: string) =>
  withoutSlash(url).replace('//0.0.0.0:', '//127.0.0.1:').replace('//[::]:', '//[::1]:')

/** Address that was named on the command line or in MESH_URL. */
const namedUrl = (input: Input, { env }: Terminal): string | undefined => {
  const given = input.text('url')
  if (given !== undefined) return addressOf(given, '--url')
  const inherited = env['MESH_URL']
  return inherited === undefined || inherited === '' ? undefined : addressOf(inherited, 'MESH_URL')
}

/** The operator's key is for the mesh on that data alone: another host must not get to know it. */
const endpoint = (url: string, input: Input, { env }: Terminal, data: string): Endpoint => {
  const key =
    input.text('key') ??
    env['MESH_API_KEY'] ??
    (isSameHost(url, readOwner(data)?.url) ? keyIn(data) : undefined)
  return key === undefined || key === '' ? { url } : { url, key }
}

/** Where a mesh can be asked. `named`: the person said so, so that not reaching it is an error. */
export type Running = Endpoint & { readonly named: boolean }

/** Whether a configuration that was named is about other engines than those that a mesh works on. */
const isElsewhere = (input: Input, terminal: Terminal, engines: EngineMark = {}): boolean => {
  if (input.text('config') === undefined) return false
  const { bus, store } = engineMark(engineConfig(input, terminal))
  // What the file leaves in the data directory may have been named on the command line (`mesh up --store mongodb`).
  return (bus !== undefined && bus !== engines.bus) || (store !== undefined && store !== engines.store)
}

/**
 * The mesh to ask: like {@link findRunning}, but not one that runs here on other engines than `--config` names. Its answers
 * would be taken for those of the other.
 *
 * @throws ConfigError (MESH_CONFIG_INVALID)
 */
export const findAsked = (input: Input, terminal: Terminal): Running | undefined => {
  const data = dataDirectory(input, terminal)
  const running = findRunning(input, terminal, data)
  if (running === undefined || running.named) return running
  return isElsewhere(input, terminal, readOwner(data)?.engines) ? undefined : running
}

/** The mesh that was named, or the one that `owner.json` says runs on the data directory; undefined where none does. */
export const findRunning = (input: Input, terminal: Terminal, data: string): Running | undefined => {
  const named = namedUrl(input, terminal)
  if (named !== undefined) return { ...endpoint(named, input, terminal, data), named: true }
  const owner = readOwner(data)
  if (owner?.url === undefined || !isAlive(owner.pid)) return undefined
  return { ...endpoint(reachable(owner.url), input, terminal, data), named: false }
}
