// @ts-check
import { createHash } from 'node:crypto'
import { courseId, defineEvent, instant, lineId, orderFulfilled, orderNumber } from '@commerce-mesh/contracts'
import {
  dead,
  definePlugin,
  defineService,
  done,
  emit,
  handles,
  implement,
  retry,
} from '@commerce-mesh/mesh/plugin'
import { z } from 'zod'

/** A certificate lies in the printer's tray. */
export const certificatePrinted = defineEvent({
  name: 'certificate.printed',
  version: 1,
  owner: 'certificates',
  summary: 'A certificate of enrollment was handed to the printer.',
  key: (data) => data.orderNumber,
  data: z.strictObject({
    orderNumber,
    lineId,
    courseId,
    certificateId: z.string().length(16).describe('The same for each attempt to print it.'),
    printedAt: instant,
  }),
  examples: [
    {
      orderNumber: 'EDX-100001',
      lineId: '1',
      courseId: 'course-v1:edX+DemoX+Demo_Course',
      certificateId: '0123456789abcdef',
      printedAt: '2026-01-02T03:04:05Z',
    },
  ],
})

/** What a route may set. */
const routeOptions = z.strictObject({
  paper: z
    .enum(['a4', 'letter'])
    .default('a4')
    .describe('Paper that the certificates of this route are printed on.'),
})

/** The plugin's section in mesh.yaml: services.certificates. */
const options = z.strictObject({
  printer: z.url({ protocol: /^https?$/ }).describe('Address of the printer.'),
  concurrency: z.int().min(1).max(64).default(4).describe('Orders printed at once.'),
})

/** What the handler is, before there is a printer. */
export const printDeclaration = handles(orderFulfilled, 'print-certificates', {
  options: routeOptions,
  emits: [certificatePrinted],
  reads: ['orderNumber', 'lines'],
})

const DOWN = { code: 'CERTIFICATES_PRINTER_DOWN' }
const REFUSED = { code: 'CERTIFICATES_REFUSED' }

/** The same certificate has the same id, however often it is asked for. @param {string[]} parts */
const idOf = (...parts) => createHash('sha256').update(parts.join('\n')).digest('hex').slice(0, 16)

/**
 * Prints what is not printed yet, line by line. The printer takes the same certificate twice without harm (PUT), so an attempt whose
 * answer was lost may be made again.
 *
 * @param {(certificate: { id: string, courseId: string, paper: string }, signal: AbortSignal) => Promise<number>} print answers
 *   the printer's HTTP status.
 */
export const printCertificates = (print) =>
  implement(
    printDeclaration,
    /** @param {{ printed: { lineId: string, certificateId: string, printedAt: string }[] }} state */
    async (event, state, { now, signal, options: { paper } }) => {
      const { orderNumber: number, lines } = event.data
      const printed = [...state.printed]
      for (const { lineId: line, courseId: course } of lines) {
        if (printed.some((one) => one.lineId === line)) continue
        const id = idOf(number, line)
        const status = await print({ id, courseId: course, paper }, signal)
        const known = { state: { printed } }
        if (status >= 500 || status === 429)
          return retry({ ...DOWN, reason: `the printer answers ${status}`, scope: 'dependency' }, known)
        if (status >= 400)
          return dead({ ...REFUSED, reason: `the printer refuses line ${line} with ${status}` }, known)
        printed.push({ lineId: line, certificateId: id, printedAt: now.toISOString() })
      }
      // Told once all are printed: what an attempt emits must not depend on how far the one before it came.
      const events = lines.flatMap(({ lineId: line, courseId: course }) =>
        printed
          .filter((one) => one.lineId === line)
          .map((one) => emit(certificatePrinted, { orderNumber: number, courseId: course, ...one })),
      )
      return done({ printed }, events)
    },
  )

/** @param {string} address */
const printerAt = (address) => {
  /** @type {Parameters<typeof printCertificates>[0]} */
  const print = async ({ id, courseId: course, paper }, signal) => {
    try {
      const answer = await fetch(new URL(`/certificates/${id}`, address), {
        method: 'PUT',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ courseId: course, paper }),
        signal,
      })
      await answer.arrayBuffer()
      return answer.status
    } catch {
      signal.throwIfAborted()
      // Nobody answers: the same as a printer that says it is down.
      return 503
    }
  }
  return print
}

const service = defineService({
  name: 'certificates',
  options,
  handlers: [printDeclaration],
  emits: [certificatePrinted],
  initialState: () => ({ printed: [] }),
  concurrency: 4,
  start: ({ options: { printer } }) => ({ handlers: [printCertificates(printerAt(printer))] }),
})

export default definePlugin({
  name: 'certificates',
  runtime: '0.1',
  contracts: [certificatePrinted],
  services: [service],
})
