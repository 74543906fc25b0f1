import type { Bus } from '../bus/bus.ts'
import {
  type DeadLetter,
  type StoredDeadLetter,
  deadLetterCollection,
  toStored,
} from '../dead-letter/dead-letter.ts'
import { MeshError } from '../errors/mesh-error.ts'
import type { Service } from '../service/service.ts'
import type { Store, Stored } from '../store/store.ts'
import type { Metrics } from '../telemetry/metrics.ts'
import type { AuditReport } from './audit.ts'
import { auditServices } from './audit-services.ts'
import type { DeadLetterFilter, Operations } from './operations.ts'
import { readProgress } from './progress.ts'
import { putInLine } from './redrive.ts'
import { whereDeclared } from './where-declared.ts'

type Parts = {
  readonly bus: Bus
  readonly store: Store
  readonly services: readonly Service<never, never>[]
  readonly metrics: Metrics
}

const { name: collection } = deadLetterCollection

const matches = (
  { class: kind, service, key, status = 'open' }: DeadLetterFilter,
  letter: DeadLetter,
): boolean =>
  letter.status === status &&
  (kind === undefined || letter.class === kind) &&
  (service === undefined || letter.service === service) &&
  (key === undefined || letter.key === key)

const plain = ({ openSince: _open, recordedMs: _recorded, ...letter }: StoredDeadLetter): DeadLetter => letter

/** What an operator can see and do, straight on the engines. */
export const createOperations = (parts: Parts): Operations => {
  const { store, services } = parts

  const load = async (id: string): Promise<Stored<StoredDeadLetter>> => {
    const stored = await store.get<StoredDeadLetter>(collection, id)
    if (stored === undefined)
      throw new MeshError('MESH_DEAD_LETTER_UNKNOWN', `There is no dead letter ${id}.`)
    return stored
  }

  const loadOpen = async (id: string): Promise<Stored<StoredDeadLetter>> => {
    const stored = await load(id)
    if (stored.body.status === 'open') return stored
    throw new MeshError(
      'MESH_DEAD_LETTER_CLOSED',
      `The dead letter ${id} was ${stored.body.status} at ${stored.body.closedAt}.`,
    )
  }

  const close = async (
    id: string,
    change: (letter: DeadLetter) => Promise<Partial<DeadLetter>>,
  ): Promise<DeadLetter> => {
    for (;;) {
      const stored = await loadOpen(id)
      const letter: DeadLetter = {
        ...plain(stored.body),
        ...(await change(plain(stored.body))),
        closedAt: new Date().toISOString(),
      }
      if ((await store.put(collection, id, toStored(letter), stored.version)) !== undefined) return letter
    }
  }

  const auditOnce = async (): Promise<AuditReport> => {
    const report = await auditServices(parts)
    for (const { service, drift } of report.services)
      parts.metrics.gauge('mesh_drift_records', { service }, drift)
    return report
  }
  let auditing: Promise<AuditReport> | undefined

  return {
    deadLetters: async (filter) => {
      const index = (filter.status ?? 'open') === 'open' ? 'openSince' : 'recordedMs'
      const limit = Math.min(Math.max(filter.limit ?? 100, 1), 1000)
      const found: DeadLetter[] = []
      let after: string | undefined
      do {
        const page = await whereDeclared(() =>
          store.find<StoredDeadLetter>(collection, {
            index,
            limit: 500,
            ...(after !== undefined && { after }),
          }),
        )
        if (page === undefined) return []
        found.push(
          ...page.documents.map(({ body }) => plain(body)).filter((letter) => matches(filter, letter)),
        )
        after = page.next
      } while (after !== undefined && found.length < limit)
      return found.slice(0, limit)
    },
    deadLetter: async (id) => plain((await load(id)).body),
    redrive: (id, by) =>
      close(id, async (letter) => {
        const service = services.find(({ name }) => name === letter.service)
        if (service === undefined) {
          throw new MeshError(
            'MESH_CONFIG_INVALID',
            `The service ${letter.service} of this dead letter is not part of this mesh.`,
          )
        }
        await putInLine(store, service, letter)
        return { status: 'redriven', closedBy: by }
      }),
    discard: (id, by, reason) => close(id, async () => ({ status: 'discarded', closedBy: by, note: reason })),
    progress: () => readProgress(parts),
    // Whoever gave up waiting and asks again gets the same run: a second one would only slow down the first.
    audit: () =>
      (auditing ??= auditOnce().finally(() => {
        auditing = undefined
      })),
  }
}
