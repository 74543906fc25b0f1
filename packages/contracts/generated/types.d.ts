// Written by `npm run docs` from the contracts. Do not edit.
// For vendors who do not validate with the contracts' own schemas: what the data of each event looks like.

/**
 * A storefront handed in an order; payment.status says whether it is paid already.
 *
 * Topic `order.submitted.v1`. Owner: gateway. Record key: `orderNumber`. Personal: `learner.username`,
 * `learner.email`.
 *
 * total: a pending payment needs total and currency, to be compared with what the provider captured.
 * currency: must be given where there is an amount.
 */
export type OrderSubmittedV1 = {
  /** Order number as the storefront writes it, such as EDX-100001. Text of 1 to 64 characters. */
  readonly orderNumber: string
  /** When the order was placed, as the storefront says. An RFC 3339 date and time. */
  readonly placedAt: string
  /** Name of the caller, from its credentials. Text of 1 to 150 characters. */
  readonly submittedBy: string
  /** The endpoint it came through. Lines of one order may come one by one through `titan`. */
  readonly channel: 'orders' | 'titan'
  /**
   * Who is to be enrolled: at least one way to find the learner in the LMS. Must name the learner by
   * lmsUserId, username or email.
   */
  readonly learner: {
    /** Numeric id of the LMS user. A whole number, above 0. */
    readonly lmsUserId?: number | undefined
    /**
     * Name of the LMS user. Text of 1 to 150 characters. Must be well-formed Unicode without control
     * characters. Personal: keep it out of logs.
     */
    readonly username?: string | undefined
    /**
     * E-mail address, checked no narrower than the LMS does: whether it exists is for the LMS to say. An
     * e-mail address, at most 254 characters. Must be well-formed Unicode without control characters.
     * Personal: keep it out of logs.
     */
    readonly email?: string | undefined
  }
  /**
   * ISO 4217 code of all amounts; null where the storefront does not say. Must be an ISO 4217 currency code
   * in upper case, such as USD.
   */
  readonly currency: string | null
  /**
   * In the currency’s minor unit: 14900 is 149.00 USD, or 14900 JPY; null where the storefront does not say.
   * A whole number, 0 or more, or null.
   */
  readonly total: number | null
  /** What was bought. A list of 1 to 100 objects. lineId must be unique within the order. */
  readonly lines: readonly {
    /** Id of the order line, unique within its order. Text of 1 to 255 characters. */
    readonly lineId: string
    /** What is bought: a seat in a course run. */
    readonly kind: 'seat'
    /**
     * Course key of the course run: `course-v1:Org+Course+Run`, or the older `Org/Course/Run`. Text of at
     * most 255 characters.
     */
    readonly courseId: string
    /**
     * Course mode slug of the LMS, such as verified; operators may have slugs of their own. Text of at most
     * 100 characters.
     */
    readonly mode: string
    /**
     * In the minor unit of the order’s currency; null where the storefront does not say. A whole number, 0 or
     * more, or null.
     */
    readonly price: number | null
    /**
     * Needed for mode `credit`: the LMS wants it as the attribute `credit:provider_id`. Text of 1 to 255
     * characters.
     */
    readonly creditProvider?: string | undefined
  }[]
  /** How the order is paid, and whether it is paid already. */
  readonly payment: {
    /** `captured`: paid. `pending`: wait for the provider’s notification. */
    readonly status: 'captured' | 'pending'
    /** Who takes the money: stripe, invoice, … Text of 1 to 64 characters. */
    readonly provider: string
    /**
     * The provider’s own id of the payment; null where it is not known yet. Text of 1 to 255 characters or
     * null.
     */
    readonly reference: string | null
  }
  /**
   * Whether the learner agreed to e-mail from the course’s organisation; absent where the storefront does not
   * say.
   */
  readonly emailOptIn?: boolean | undefined
}

/**
 * A payment provider sent a notification about an order; its signature was checked.
 *
 * Topic `payment.notified.v1`. Owner: gateway. Record key: `orderNumber`. Personal: none.
 */
export type PaymentNotifiedV1 = {
  /** Order number as the storefront writes it, such as EDX-100001. Text of 1 to 64 characters. */
  readonly orderNumber: string
  /** Who takes the money: stripe, invoice, … Text of 1 to 64 characters. */
  readonly provider: string
  /**
   * The provider’s id of this notification (Stripe `event.id`): what duplicates are known by. Text of 1 to
   * 255 characters.
   */
  readonly notificationId: string
  /** The provider’s own event type, such as `payment_intent.succeeded`. Text of 1 to 255 characters. */
  readonly notificationType: string
  /** What became of the payment, in words of the mesh that are the same for every provider. */
  readonly kind: 'captured' | 'failed' | 'action-required' | 'refunded' | 'disputed'
  /** The provider’s own id of the payment: `pi_…`, `INV-1`. Text of 1 to 255 characters. */
  readonly reference: string
  /** In the currency’s minor unit: 14900 is 149.00 USD, or 14900 JPY. A whole number, 0 or more. */
  readonly amount: number
  /** ISO 4217 code of the amount. Must be an ISO 4217 currency code in upper case, such as USD. */
  readonly currency: string
  /** When the provider made the notification. An RFC 3339 date and time. */
  readonly notifiedAt: string
}

/**
 * The payment of a known order was captured, in the amount and currency of the order.
 *
 * Topic `payment.captured.v1`. Owner: payments. Record key: `orderNumber`. Personal: none.
 *
 * currency: must be given where there is an amount.
 */
export type PaymentCapturedV1 = {
  /** Order number as the storefront writes it, such as EDX-100001. Text of 1 to 64 characters. */
  readonly orderNumber: string
  /** Who takes the money: stripe, invoice, … Text of 1 to 64 characters. */
  readonly provider: string
  /** The provider’s own id of the payment; null where there is none. Text of 1 to 255 characters or null. */
  readonly reference: string | null
  /**
   * ISO 4217 code of all amounts; null where the storefront does not say. Must be an ISO 4217 currency code
   * in upper case, such as USD.
   */
  readonly currency: string | null
  /**
   * In the currency’s minor unit: 14900 is 149.00 USD, or 14900 JPY; null where the storefront does not say.
   * A whole number, 0 or more, or null.
   */
  readonly total: number | null
  /**
   * When the money was there, as far as anybody told: the provider, or else the storefront. An RFC 3339 date
   * and time.
   */
  readonly capturedAt: string
}

/**
 * An order is known and paid; its lines are to be granted.
 *
 * Topic `order.placed.v1`. Owner: payments. Record key: `orderNumber`. Personal: `learner.username`,
 * `learner.email`.
 *
 * currency: must be given where there is an amount.
 */
export type OrderPlacedV1 = {
  /** Order number as the storefront writes it, such as EDX-100001. Text of 1 to 64 characters. */
  readonly orderNumber: string
  /** When the order was placed, as the storefront says. An RFC 3339 date and time. */
  readonly placedAt: string
  /**
   * Who is to be enrolled: at least one way to find the learner in the LMS. Must name the learner by
   * lmsUserId, username or email.
   */
  readonly learner: {
    /** Numeric id of the LMS user. A whole number, above 0. */
    readonly lmsUserId?: number | undefined
    /**
     * Name of the LMS user. Text of 1 to 150 characters. Must be well-formed Unicode without control
     * characters. Personal: keep it out of logs.
     */
    readonly username?: string | undefined
    /**
     * E-mail address, checked no narrower than the LMS does: whether it exists is for the LMS to say. An
     * e-mail address, at most 254 characters. Must be well-formed Unicode without control characters.
     * Personal: keep it out of logs.
     */
    readonly email?: string | undefined
  }
  /**
   * ISO 4217 code of all amounts; null where the storefront does not say. Must be an ISO 4217 currency code
   * in upper case, such as USD.
   */
  readonly currency: string | null
  /**
   * In the currency’s minor unit: 14900 is 149.00 USD, or 14900 JPY; null where the storefront does not say.
   * A whole number, 0 or more, or null.
   */
  readonly total: number | null
  /** What was bought. A list of 1 to 100 objects. lineId must be unique within the order. */
  readonly lines: readonly {
    /** Id of the order line, unique within its order. Text of 1 to 255 characters. */
    readonly lineId: string
    /** What is bought: a seat in a course run. */
    readonly kind: 'seat'
    /**
     * Course key of the course run: `course-v1:Org+Course+Run`, or the older `Org/Course/Run`. Text of at
     * most 255 characters.
     */
    readonly courseId: string
    /**
     * Course mode slug of the LMS, such as verified; operators may have slugs of their own. Text of at most
     * 100 characters.
     */
    readonly mode: string
    /**
     * In the minor unit of the order’s currency; null where the storefront does not say. A whole number, 0 or
     * more, or null.
     */
    readonly price: number | null
    /**
     * Needed for mode `credit`: the LMS wants it as the attribute `credit:provider_id`. Text of 1 to 255
     * characters.
     */
    readonly creditProvider?: string | undefined
  }[]
  /** How the order was paid. */
  readonly payment: {
    /** Who takes the money: stripe, invoice, … Text of 1 to 64 characters. */
    readonly provider: string
    /**
     * The provider’s own id of the payment; null where there is none. Text of 1 to 255 characters or null.
     */
    readonly reference: string | null
  }
  /**
   * Whether the learner agreed to e-mail from the course’s organisation; absent where the storefront does not
   * say.
   */
  readonly emailOptIn?: boolean | undefined
}

/**
 * Every line of the order is granted in the LMS.
 *
 * Topic `order.fulfilled.v1`. Owner: fulfillment. Record key: `orderNumber`. Personal: none.
 */
export type OrderFulfilledV1 = {
  /** Order number as the storefront writes it, such as EDX-100001. Text of 1 to 64 characters. */
  readonly orderNumber: string
  /** When the last line was granted. An RFC 3339 date and time. */
  readonly fulfilledAt: string
  /** What was granted: every line of the order. A list of 1 or more objects. */
  readonly lines: readonly {
    /** Id of the order line, unique within its order. Text of 1 to 255 characters. */
    readonly lineId: string
    /**
     * Course key of the course run: `course-v1:Org+Course+Run`, or the older `Org/Course/Run`. Text of at
     * most 255 characters.
     */
    readonly courseId: string
    /**
     * Course mode slug of the LMS, such as verified; operators may have slugs of their own. Text of at most
     * 100 characters.
     */
    readonly mode: string
  }[]
}

/**
 * At least one line of the order could not be granted; a dead letter waits for a person.
 *
 * Topic `order.fulfillment-failed.v1`. Owner: fulfillment. Record key: `orderNumber`. Personal: none.
 */
export type OrderFulfillmentFailedV1 = {
  /** Order number as the storefront writes it, such as EDX-100001. Text of 1 to 64 characters. */
  readonly orderNumber: string
  /** When the trying ended. An RFC 3339 date and time. */
  readonly failedAt: string
  /** Every line of the order, granted ones too. A list of 1 or more objects. */
  readonly lines: readonly {
    /** Id of the order line, unique within its order. Text of 1 to 255 characters. */
    readonly lineId: string
    /**
     * Course key of the course run: `course-v1:Org+Course+Run`, or the older `Org/Course/Run`. Text of at
     * most 255 characters.
     */
    readonly courseId: string
    /**
     * Course mode slug of the LMS, such as verified; operators may have slugs of their own. Text of at most
     * 100 characters.
     */
    readonly mode: string
    /** `granted`: the learner is in. `pending`: still to be granted. `failed`: a person must look. */
    readonly state: 'granted' | 'pending' | 'failed'
    /** MESH_* code of the failure, on failed and pending lines. */
    readonly code?: string | undefined
  }[]
}

/**
 * The journal: what became of one event in one handler.
 *
 * Topic `mesh.hop-recorded.v1`. Owner: mesh. Record key: `key`. Personal: none.
 */
export type MeshHopRecordedV1 = {
  /** Record key, for order events the order number; empty where the record had none. */
  readonly key: string
  /** Id of the event that was handled. */
  readonly eventId: string
  /** Its type, such as order.placed.v1. */
  readonly eventType: string
  /** Who handled it. */
  readonly service: string
  /** By which handler. */
  readonly handler: string
  /** `suppressed`: nothing to do, with the reason. `retry`: not over yet. `dead`: set aside for a person. */
  readonly outcome: 'done' | 'suppressed' | 'retry' | 'dead'
  /** MESH_* code, on retry and dead. */
  readonly code?: string | undefined
  /** Why it came out so, in words without personal data. */
  readonly reason?: string | undefined
  /** Which route took the event, or skipped it: `default`, or the line of mesh.yaml with its condition. */
  readonly route?: string | undefined
  /** 1 for the first. A whole number, 1 or more. */
  readonly attempt: number
  /** When this attempt started. An RFC 3339 date and time. */
  readonly startedAt: string
  /** How long it took, in milliseconds. A number, 0 or more. */
  readonly durationMs: number
  /** When the next attempt is due, on retry. An RFC 3339 date and time. */
  readonly nextAttemptAt?: string | undefined
  /** W3C trace id, 32 hex digits. */
  readonly traceId: string
  /** The events that this hop emitted. */
  readonly caused: readonly {
    /** Its id. */
    readonly id: string
    /** Its type. */
    readonly type: string
  }[]
  /** State of each order line after this hop by line id, where the handler says so. */
  readonly lines?: Readonly<Record<string, string>> | undefined
}

/**
 * A record was set aside for a person; it waits in the store to be redriven or discarded.
 *
 * Topic `mesh.dead-letter-recorded.v1`. Owner: mesh. Record key: `key`. Personal: none.
 */
export type MeshDeadLetterRecordedV1 = {
  /** What `mesh dead show` and `mesh dead redrive` take. */
  readonly deadLetterId: string
  /** Record key; empty where the record had none. */
  readonly key: string
  /** The service that could not handle the record. */
  readonly service: string
  /** Its handler; `-` where none could be asked about the record. */
  readonly handler: string
  /**
   * `contract`: breaks its schema. `poison`: can’t be decoded. `permanent`: the other side, or the business
   * rule, says no. `exhausted`: the retry time ran out.
   */
  readonly class: 'contract' | 'poison' | 'permanent' | 'exhausted'
  /** MESH_* code of what went wrong. */
  readonly code: string
  /** What went wrong, in words without personal data. */
  readonly reason: string
  /** How often it was tried. A whole number, 0 or more. */
  readonly attempts: number
  /** Id of the event, where it could be read. */
  readonly eventId?: string | undefined
  /** Type of the event, where it could be read. */
  readonly eventType?: string | undefined
  /** The topic that the record came from. */
  readonly topic: string
  /** Who wrote the record, as it says itself: a service’s name, or the CloudEvents `source`. */
  readonly producer?: string | undefined
  /** When it was set aside. An RFC 3339 date and time. */
  readonly recordedAt: string
}

/** Data of each event, by its type. */
export type EventTypes = {
  readonly 'order.submitted.v1': OrderSubmittedV1
  readonly 'payment.notified.v1': PaymentNotifiedV1
  readonly 'payment.captured.v1': PaymentCapturedV1
  readonly 'order.placed.v1': OrderPlacedV1
  readonly 'order.fulfilled.v1': OrderFulfilledV1
  readonly 'order.fulfillment-failed.v1': OrderFulfillmentFailedV1
  readonly 'mesh.hop-recorded.v1': MeshHopRecordedV1
  readonly 'mesh.dead-letter-recorded.v1': MeshDeadLetterRecordedV1
}
