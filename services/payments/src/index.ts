export { payments, type PaymentsOptions, paymentsOptions } from './service.ts'
export type { Capture, Payment, PaymentsState } from './state.ts'
