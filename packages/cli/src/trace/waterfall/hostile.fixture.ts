import type { OrderStatus } from '@commerce-mesh/gateway'
import { attentionTo, dead, event, hop, letter, order } from '../timeline.fixture.ts'

/** What somebody outside may write into a name, hoping that it runs. */
export const HOSTILE = [
  '</svg><script>alert(1)</script>',
  `" onload="alert(1)`,
  `' onmouseover='alert(1)`,
  ']]>&lt;img src=x onerror=alert(1)>',
  '<!--\u0000\u001B[2J\uD800-->',
  'javascript:alert(1)//\u202Egpj',
] as const

const [tag, quote, apostrophe, entity, control, address] = HOSTILE

/** An order in which every text that comes from outside is hostile. */
export const hostileOrder = (): OrderStatus => {
  const away = letter(9, { id: tag, reason: quote, service: apostrophe, handler: entity, eventId: 'e9' })
  const timeline = [
    event('e1', tag, 0, { detail: quote, paymentReference: address }),
    hop(apostrophe, 'e1', tag, 1, {
      handler: entity,
      route: `${tag} when ${quote}`,
      reason: control,
      caused: [{ id: control, type: address }],
    }),
    { ...dead(5), eventId: quote, eventType: address, reason: tag, code: entity, traceId: quote },
    away,
  ]
  return order(timeline, {
    orderNumber: tag,
    submittedBy: quote,
    traceId: apostrophe,
    lines: [{ lineId: entity, courseId: control, mode: address, state: 'failed' }],
    attention: [attentionTo(away)],
  })
}
