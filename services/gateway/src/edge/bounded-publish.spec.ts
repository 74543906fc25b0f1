import { describe, expect, it } from '@jest/globals'
import { type CloudEvent, orderSubmitted } from '@commerce-mesh/contracts'
import { MeshError, type ServiceContext } from '@commerce-mesh/mesh'
import { boundedPublish } from './bounded-publish.ts'

type Publish = ServiceContext<unknown>['publish']

const STAMP = { id: 'e1', traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01' }

const run = (publish: () => Promise<unknown>, ms: number) =>
  boundedPublish(publish as unknown as Publish, ms)(orderSubmitted, {} as never, STAMP)

describe('boundedPublish', () => {
  it('passes on what publishing came to', async () => {
    const event = { id: 'e1' } as CloudEvent
    expect(await run(() => Promise.resolve(event), 60_000)).toBe(event)
    const down = new MeshError('MESH_BUS_UNAVAILABLE', 'the disk is full')
    await expect(run(() => Promise.reject(down), 60_000)).rejects.toBe(down)
  })

  it('gives up at the deadline', async () => {
    await expect(run(() => new Promise(() => {}), 5)).rejects.toMatchObject({ code: 'MESH_BUS_UNAVAILABLE' })
  })
})
