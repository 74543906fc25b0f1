import { Refusal } from '../problem/refusal.ts'

/** Why credentials were not taken. */
export type CredentialFault = 'missing' | 'malformed' | 'unreadable' | 'expired' | 'invalid'

const DETAIL: Readonly<Record<CredentialFault, string>> = {
  missing: 'No credentials: send `Authorization: Bearer mesh_…` or `Authorization: JWT …`.',
  malformed: 'The Authorization header is not of the form `Bearer …` or `JWT …`.',
  unreadable: 'The token can’t be decoded.',
  expired: 'The token has expired.',
  invalid: 'The credentials are not valid.',
}

/** 401. Says which kind of fault, never which part of a secret was right. */
export class Unauthenticated extends Refusal {
  override readonly name = 'Unauthenticated'
  readonly fault: CredentialFault

  constructor(fault: CredentialFault) {
    super(401, 'MESH_UNAUTHENTICATED', DETAIL[fault], {
      headers: { 'www-authenticate': 'Bearer realm="commerce-mesh", JWT realm="commerce-mesh"' },
    })
    this.fault = fault
  }
}
