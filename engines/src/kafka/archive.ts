import { mkdtempSync, renameSync, rmSync } from 'node:fs'
import path from 'node:path'
import { freePorts } from '../place/free-ports.ts'
import { stop } from '../process/stop.ts'
import { launchBroker, prepare, untilAlive } from './broker.ts'
import type { KafkaKit } from './java.ts'
import { layoutOf, portsOf } from './layout.ts'

/** Runs a broker once, on a folder of its own, and keeps the classes that it loaded as `kit.archive`. @throws EngineError */
export const makeArchive = async (kit: KafkaKit): Promise<void> => {
  const folder = mkdtempSync(`${kit.archive}.`)
  const draft = { ...kit, archive: path.join(folder, 'draft.jsa') }
  try {
    const layout = layoutOf(folder, await freePorts(portsOf(1)))
    await prepare(layout, draft)
    for (const broker of layout.brokers) {
      const id = await launchBroker(broker, draft, { detached: false, archiving: true })
      await untilAlive(broker, id, layout)
      await stop(id, 120_000)
    }
    renameSync(draft.archive, kit.archive)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}
