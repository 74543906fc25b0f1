/** Port of the sandbox LMS where none is named. */
export const SANDBOX_PORT = 8_081

/** Credentials that the sandbox LMS knows. */
export const SANDBOX_CLIENT = {
  clientId: 'mesh',
  clientSecret: 'mesh-secret',
  apiKey: 'mesh-api-key',
} as const
