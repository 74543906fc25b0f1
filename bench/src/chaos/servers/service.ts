import { fulfillment } from '@commerce-mesh/fulfillment'
import { gateway } from '@commerce-mesh/gateway'
import { type StartOptions, loadConfig, openEngines, startMesh } from '@commerce-mesh/mesh'
import { payments } from '@commerce-mesh/payments'
import { chains } from '../chains/service.ts'
import { DEFECTS, type DefectName } from '../defects/defects.ts'

// A service as `mesh run` would start it, for what `mesh run` does not know: the service that counts chains, and services
// with something broken on purpose.

/** What the process is told. */
export type ServiceSettings = {
  readonly service: string
  readonly config: string
  readonly port: number
  readonly by: string
  readonly slowMs: number
  readonly defect?: DefectName
}

const settings = JSON.parse(process.argv[2] ?? '{}') as ServiceSettings
const { port, by, slowMs, defect } = settings
const all = [gateway, payments, fulfillment, chains({ port, by, slowMs })]
const service = all.find(({ name }) => name === settings.service)
if (service === undefined) throw new Error(`There is no service ${settings.service}.`)

const { config } = loadConfig(settings.config, {
  services: [service],
  elsewhere: all.map(({ name }) => name).filter((name) => name !== service.name),
  overrides: service.name === 'gateway' ? { services: { gateway: { port } } } : { status: { port } },
})
const open: typeof openEngines = async (...options) => {
  const engines = await openEngines(...options)
  return defect === undefined ? engines : DEFECTS[defect](engines)
}
const mesh = await startMesh({
  config,
  services: [service] as unknown as StartOptions['services'],
  status: service.name === 'payments' || service.name === 'fulfillment',
  open,
})

process.once('SIGTERM', () => {
  mesh.stop().then(
    () => process.exit(0),
    (thrown: unknown) => {
      console.error(thrown)
      process.exit(1)
    },
  )
})
