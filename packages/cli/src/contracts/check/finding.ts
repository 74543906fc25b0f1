import type { Change } from '../compare/change/change.ts'
import type { BrokenReader, BrokenRoute } from './affected.ts'

/** Codes of what can be wrong with contracts, with what each means and how it is mended. */
export const CONTRACT_FINDINGS = {
  MESH_CONTRACT_BREAKS: {
    meaning:
      'A contract changed so that its readers refuse, or may refuse, events that are stored or under way: they would become dead letters. Or the record key moved.',
    action: 'Undo the change, or publish a new major version with an upcast (docs/changing-a-contract.md).',
  },
  MESH_CONTRACT_READERS_FIRST: {
    meaning: 'A contract changed so that readers that run today refuse what will be written.',
    action:
      'Run mesh contracts publish with the change, and deploy every reader of the event before anything that writes it.',
  },
  MESH_CONTRACT_MEANING: {
    meaning:
      'A contract takes the same events as before, but they mean something else: another default, owner or personal field.',
    action: 'Do what the finding says, or undo the change.',
  },
  MESH_CONTRACT_UNPUBLISHED: {
    meaning: 'A contract is not among the published ones, so that nothing guards it.',
    action: 'Run mesh contracts publish and commit what it writes.',
  },
  MESH_CONTRACT_GONE: {
    meaning: 'A published contract is gone, while events of it may still be stored or under way.',
    action: 'Keep the contract for as long as its events can be read or redriven.',
  },
  MESH_CONTRACT_EXAMPLE: {
    meaning:
      'A stored event of a published contract is gone, was changed, or is refused by a reader of today.',
    action:
      'Restore the event, and make the contract take it again. Stored events are added and never changed.',
  },
  MESH_CONTRACT_BASELINE: {
    meaning: 'A published schema can’t be read.',
    action: 'Restore the file from the repository’s history.',
  },
} as const satisfies Record<string, { meaning: string; action: string }>

/** A code of {@link CONTRACT_FINDINGS}. */
export type ContractCode = keyof typeof CONTRACT_FINDINGS

/** One thing that the check of contracts has found. Holds no value of any event. */
export type ContractFinding = {
  readonly code: ContractCode
  readonly severity: 'error' | 'warning'
  /** Event type with its version. */
  readonly type: string
  /** The published file that it is about, within the folder of published contracts. */
  readonly file: string
  /** Dotted path within the data; empty for the event as a whole. */
  readonly path: string
  /** What is wrong, in words that go on after the path. */
  readonly message: string
  readonly fix: string
  /** What of a change was compared; left out where it is about something else. */
  readonly change?: Pick<Change, 'kind' | 'to' | 'oldReaders' | 'newReaders' | 'because'>
  /** Whom it breaks, or who has to be deployed first. */
  readonly readers: readonly BrokenReader[]
  /** Routes whose condition looks at what changed. */
  readonly routes: readonly BrokenRoute[]
}
