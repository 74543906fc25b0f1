import { UsageError } from '../command/usage-error.ts'

/** An address as it may be shown: without user name and password. */
export const withoutCredentials = (url: string): string =>
  url.replace(/^([a-z][a-z0-9+.-]*:\/\/)[^/?#]*@/i, '$1')

const HOSTS = /^([a-z][a-z0-9+.-]*:\/\/)(?:[^/?#]*@)?([^/?#]*)/i
const HOST_LIST = /^(?:[\w.-]+|\[[\da-f:.]+\])(?::\d+)?(?:,(?:[\w.-]+|\[[\da-f:.]+\])(?::\d+)?)*$/i

/**
 * Scheme and hosts of an address, and no more: the query of a connection string can hold secrets
 * (`tlsCertificateKeyFilePassword`). An address that has no hosts in their place, such as one with a `/` in its password, is `…`.
 */
export const hostsOf = (url: string): string => {
  const [, scheme = '', hosts = ''] = HOSTS.exec(url) ?? []
  return HOST_LIST.test(hosts) ? `${scheme}${hosts}` : '…'
}

/** An http address without a slash at the end. @param from - where it came from, e.g. `--url`. @throws UsageError */
export const addressOf = (text: string, from: string): string => {
  const url = /^https?:\/\//i.test(text) && URL.canParse(text) ? new URL(text) : undefined
  if (url === undefined)
    throw new UsageError(
      `${from} must be an address such as http://127.0.0.1:8080; it is '${withoutCredentials(text)}'.`,
    )
  if (url.username !== '' || url.password !== '')
    throw new UsageError(
      `${from} must hold no user name or password.`,
      'An API key goes into --key or MESH_API_KEY.',
    )
  return text.replace(/\/+$/, '')
}

const LOOPBACK: ReadonlySet<string> = new Set(['localhost', '127.0.0.1', '[::1]', '0.0.0.0', '[::]'])

const hostOf = (url: string): string | undefined => {
  if (!URL.canParse(url)) return undefined
  const { protocol, hostname, port } = new URL(url)
  return `${protocol}//${LOOPBACK.has(hostname) ? 'this machine' : hostname}:${port}`
}

/** Whether two addresses lead to the same protocol, host and port; every name of this machine counts as one. */
export const isSameHost = (one: string, other: string | undefined): boolean =>
  other !== undefined && hostOf(one) !== undefined && hostOf(one) === hostOf(other)
