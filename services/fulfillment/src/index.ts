export { fulfillmentOptions, type FulfillmentOptions } from './options.ts'
export { fulfillment } from './service.ts'
