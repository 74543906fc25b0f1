/** Environment variables that the mesh reads by itself, besides those that mesh.yaml refers to. */
export const ENVIRONMENT: readonly { readonly name: string; readonly about: string }[] = [
  { name: 'PORT', about: 'Port of the gateway, instead of `--port`.' },
  { name: 'MESH_URL', about: 'Address of a running mesh, instead of `--url`.' },
  { name: 'MESH_API_KEY', about: 'API key for it, instead of `--key`.' },
  { name: 'MESH_KAFKA', about: 'Broker for `mesh up --bus kafka` where mesh.yaml names none, host:port.' },
  {
    name: 'MESH_MONGODB',
    about: 'Server for `mesh up --store mongodb` where mesh.yaml names none, mongodb://…',
  },
  { name: 'MESH_DEBUG', about: '`1` shows stacks and causes of errors, as `--verbose` does.' },
  { name: 'NO_COLOR', about: '`1` turns colours off.' },
  { name: 'MESH_FAILPOINTS', about: 'Kills the process at a durable boundary. For the crash suites only.' },
]
