import { createHmac } from 'node:crypto'

/** The `Stripe-Signature` header that Stripe would send with a body (interop section 6). */
export const signStripe = (body: string, secret: string, now: Date): string => {
  const timestamp = Math.floor(now.getTime() / 1_000)
  const signature = createHmac('sha256', secret).update(`${timestamp}.${body}`).digest('hex')
  return `t=${timestamp},v1=${signature}`
}
