/** A failure that the person at the keyboard can mend: printed without a stack. */
export class BootError extends Error {
  constructor(happened, action, exitCode = 3) {
    super(`${happened}\n  ${action}`)
    this.exitCode = exitCode
  }
}

const NETWORK =
  /ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ENETUNREACH|EHOSTUNREACH|network|socket hang up|ENOTCACHED/i

const CAUSES = [
  [/ENOSPC/, 'The disk is full.', 'Free about 500 MB and run the command again.'],
  [
    /EACCES|EPERM|EROFS/,
    'This user may not write into the folder (or into npm’s cache).',
    'Give the user the right to write, then run the command again.',
  ],
  [
    /E401|E403|ENEEDAUTH/,
    'The package registry refused the request.',
    'Check npm’s registry and login (`npm config get registry`), then run the command again.',
  ],
  [
    /can only install packages when|Missing: .* from lock file/,
    'package-lock.json does not fit package.json.',
    'Run `npm install` under Node 24, commit the new package-lock.json, and run the command again.',
  ],
  [
    NETWORK,
    'The package registry can’t be reached.',
    'Check the network, and behind a proxy `npm config set https-proxy …`; then run the command again.',
  ],
]

/** Whether the same command may succeed a moment later. */
export const isPassing = (output) => NETWORK.test(output)

/** What `npm ci` complained about, in words. */
export const installFailure = (output) => {
  const [, happened, action] = CAUSES.find(([pattern]) => pattern.test(output)) ?? [
    null,
    'The dependencies could not be installed.',
    'npm’s own words are above.',
  ]
  const own = output
    .trim()
    .split('\n')
    .slice(-15)
    .map((line) => `  ${line}`)
    .join('\n')
  return new BootError(`${own}\n\n${happened}`, action)
}
