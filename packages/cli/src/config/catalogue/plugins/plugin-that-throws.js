import { definePlugin } from '@commerce-mesh/mesh/plugin'

const { template } = undefined

export default definePlugin({ name: template, runtime: '0.1', services: [] })
