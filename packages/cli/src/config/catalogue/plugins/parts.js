// What the plugins of the catalogue are made of, so that each shows only what it is about.
import { defineEvent } from '@commerce-mesh/contracts'
import { defineService, done, on } from '@commerce-mesh/mesh/plugin'
import { z } from 'zod'

export const event = (name, version, owner, more = {}) =>
  defineEvent({
    name,
    version,
    owner,
    summary: `Something happened: ${name}.`,
    key: ({ orderNumber }) => orderNumber,
    data: z.strictObject({ orderNumber: z.string() }),
    ...more,
  })

export const take = (contract, name, more = {}) => on(contract, name, (_event, state) => done(state), more)

export const service = (name, handlers, emits = [], more = {}) =>
  defineService({
    name,
    options: z.strictObject({}),
    handlers,
    emits,
    initialState: () => ({}),
    concurrency: 4,
    ...more,
  })
