import type { Handling } from './handling.ts'

/**
 * Watches the order of each key over all members of a group: a record may start only when its key's previous one has
 * finished somewhere, and only while no other of its key runs with a live signal. Labels are `key#number`.
 */
export type OrderWatch = {
  start(handling: Handling): void
  end(handling: Handling): void
  /** The first breach, in words. */
  fault(): string | undefined
}

/** Makes a watch that has seen nothing yet. */
export const orderWatch = (): OrderWatch => {
  const finished = new Set<string>()
  const running = new Map<string, Set<Handling>>()
  let fault: string | undefined

  return {
    start(handling) {
      const [key = '', number = '0'] = handling.label.split('#')
      const previous = `${key}#${Number(number) - 1}`
      const ofKey = running.get(key) ?? new Set()
      const live = ofKey.values().find(({ signal }) => !signal.aborted)
      running.set(key, ofKey.add(handling))
      if (number !== '0' && !finished.has(previous)) {
        fault ??= `${handling.label} started before ${previous} had finished`
      }
      if (live !== undefined) fault ??= `${handling.label} started while ${live.label} was running`
    },
    end(handling) {
      running.get(handling.label.split('#')[0] ?? '')?.delete(handling)
      if (handling.state === 'finished') finished.add(handling.label)
    },
    fault: () => fault,
  }
}
