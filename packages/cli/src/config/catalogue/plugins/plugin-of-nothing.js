import { definePlugin } from '@commerce-mesh/mesh/plugin'

export default definePlugin({ name: 'certificates', runtime: '0.1', services: [] })
