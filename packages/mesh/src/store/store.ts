/** A JSON value: what documents and event data are made of. */
export type Json =
  | null
  | boolean
  | number
  | string
  | readonly Json[]
  | { readonly [name: string]: Json | undefined }

/** A declared collection: its name and the paths that may be asked for by {@link Store.find}. */
export type Collection = {
  /** Lower-case letters, digits and dashes. */
  readonly name: string
  /** Index name -> dotted path of a number or string in the body. Documents without a value there are not in the index. */
  readonly indexes: Readonly<Record<string, string>>
}

/** A document with the version that a compare-and-set needs. */
export type Stored<B = unknown> = { readonly id: string; readonly version: number; readonly body: B }

/** A page of documents in the order of an index (or of ids). */
export type Query = {
  /** Without it: all documents, by id. */
  readonly index?: string
  /** Inclusive bounds of the index's value (or of the id). */
  readonly from?: string | number
  readonly to?: string | number
  /** 1 to 1,000. */
  readonly limit: number
  /** Continues after the page whose `next` this was. */
  readonly after?: string
}

/**
 * The store port: documents by id with a version. Drivers: sqlite, mongodb. Only single-document atomicity is
 * promised, so that every driver can keep it. Conformance suite: packages/testing.
 *
 * Every method throws MeshError MESH_STORE_UNAVAILABLE when the engine can't answer.
 */
export type Store = {
  /** Makes the collection and its indexes if they are missing. Safe to call again; new indexes are filled. */
  declare(collection: Collection): Promise<void>
  /** Sees every write that was answered before. */
  get<B>(collection: string, id: string): Promise<Stored<B> | undefined>
  /**
   * Writes the whole document if its version is still `expected` (0: it must not exist yet). Durable when resolved.
   * @returns the new version, or undefined when somebody else was faster.
   */
  put(collection: string, id: string, body: unknown, expected: number): Promise<number | undefined>
  /** Deletes the document if its version is still `expected`; false when not. Durable when resolved. */
  remove(collection: string, id: string, expected: number): Promise<boolean>
  /** Documents in the order of an index. */
  find<B>(collection: string, query: Query): Promise<{ documents: Stored<B>[]; next?: string }>
  /** How many documents have a value in the index within the bounds (without index: how many there are). */
  count(collection: string, query: Omit<Query, 'limit' | 'after'>): Promise<number>
  close(): Promise<void>
}
