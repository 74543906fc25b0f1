import { takesWrites, withMongo } from '../mongo/hello.ts'
import { MONGO_LABEL, mongoProgram } from '../mongo/kit.ts'
import { launchMongo, mongoLog, mongoUrl, untilMongoAnswers } from '../mongo/server.ts'
import { MONGO_GRACE_MS } from '../mongo/start-mongo.ts'
import { idOf } from './engine.ts'
import type { Engine } from './engine.ts'

const NOT_YET_INITIALIZED = 94

// A member is named as the server sees itself; clients come by `directConnection`.
const initiate = (url: string): Promise<unknown> =>
  withMongo(url, async (client) => {
    const admin = client.db('admin')
    const status = await admin.command({ replSetGetStatus: 1 }).catch((thrown: unknown) => thrown)
    if (!Error.isError(status) || !('code' in status) || status.code !== NOT_YET_INITIALIZED) return
    await admin.command({
      replSetInitiate: { _id: 'mesh', members: [{ _id: 0, host: 'localhost:27017' }] },
    })
  })

/** MongoDB, or a server that speaks its protocol. It has one port. */
export const mongoEngine: Engine = {
  name: 'mongo',
  label: { recipe: MONGO_LABEL, docker: 'MongoDB' },
  composeService: 'mongodb',
  graceMs: MONGO_GRACE_MS,
  knownPorts: () => [27_017],
  addresses: ([port = 0]) => ({ url: mongoUrl(port) }),
  logs: ({ data, ports: [port = 0] }) => [mongoLog({ folder: data, port })],
  launch: async ({ data, ports: [port = 0], recipes, say }) => {
    const program = await mongoProgram(recipes, say)
    return [{ name: 'server', ...(await launchMongo({ folder: data, port }, program, true)), port }]
  },
  untilReady: async ({ data, ports: [port = 0] }, [record]) => {
    if (record !== undefined) await untilMongoAnswers({ folder: data, port }, idOf(record))
  },
  container: ([port = 0]) => ({
    ports: { 27_017: port },
    volume: '/data/db',
    command: ['mongod', '--replSet', 'mesh', '--bind_ip_all'],
  }),
  answersInDocker: async ([port = 0]) => {
    const url = mongoUrl(port)
    if (await takesWrites(url)) return true
    await initiate(url)
    return false
  },
  meshEnvironment: ({ url = '' }) => ({ MESH_MONGODB: url }),
  testEnvironment: ({ url = '' }) => ({ MESH_TEST_MONGODB: url }),
  meshYaml: ({ url = '' }) => `store:
  driver: mongodb
  mongodb:
    url: ${url}`,
}
