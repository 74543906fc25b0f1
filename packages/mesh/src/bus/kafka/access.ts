/** Why the brokers do not let us in, and what a person can do about it. */
export type Denial = {
  readonly words: string
  readonly action: string
  /** What it is about where only a person can change it; undefined: it may be a broker that stops or starts. */
  readonly lasting?: 'login' | 'certificate'
}

/** What kafkajs and Node tell about a connection that did not come about. */
type ConnectionFailure = Error & { readonly code?: string | number; readonly type?: string }

/** kafkajs calls everything a refused login that happens during one. */
const BROKEN_OFF = /failed: (Closed connection|Connection |Not connected|Request .* timed out)/

const LOGIN = 'Compare bus.kafka.sasl with what the brokers ask for on this port: mechanism, user, password.'

const login = ({ name, type, message }: ConnectionFailure): Denial | undefined => {
  if (name === 'KafkaJSSASLAuthenticationError' && BROKEN_OFF.test(message)) return undefined
  if (name === 'KafkaJSSASLAuthenticationError' || type === 'UNSUPPORTED_SASL_MECHANISM')
    return { words: `the brokers refuse the login (${message})`, action: LOGIN, lasting: 'login' }
  if (type === 'ILLEGAL_SASL_STATE')
    return {
      words: 'the brokers take no login on this port',
      action: 'Leave bus.kafka.sasl out, or use a port that asks for credentials.',
      lasting: 'login',
    }
  return undefined
}

/** Node's codes for a certificate that nobody vouches for, or no more, or not yet. */
const UNTRUSTED =
  /^(UNABLE_TO_(VERIFY_LEAF_SIGNATURE|GET_ISSUER_CERT\w*)|SELF_SIGNED_CERT_IN_CHAIN|DEPTH_ZERO_SELF_SIGNED_CERT|CERT_\w+|INVALID_CA)$/

const REFUSED = /\balert ([a-z ]+)/

/** Said before the handshake is over, when whoever listens hangs up on a greeting that it does not understand. */
const NO_HANDSHAKE = 'before secure TLS connection was established'

const certificate = ({ code, message }: ConnectionFailure): Denial | undefined => {
  const name = String(code)
  if (UNTRUSTED.test(name))
    return {
      words: `the brokers’ certificate is not trusted (${name})`,
      action:
        'Name the authority that signed it in bus.kafka.tls.ca; a certificate that is too old must be renewed.',
      lasting: 'certificate',
    }
  if (name === 'ERR_TLS_CERT_ALTNAME_INVALID')
    return {
      words: `the brokers’ certificate is for another host (${message.replace(/^.*altnames: (?=Host)/, '')})`,
      action:
        'Use the names of the certificate in bus.kafka.bootstrapServers and in the brokers’ advertised.listeners.',
      lasting: 'certificate',
    }
  if (name.startsWith('ERR_SSL_') && REFUSED.test(message))
    return {
      words: `the brokers refuse the TLS handshake (${REFUSED.exec(message)?.[1]})`,
      action:
        'Set bus.kafka.tls.cert and bus.kafka.tls.key to a client certificate that the brokers trust, where they ask for one.',
      lasting: 'certificate',
    }
  if (name === 'ERR_SSL_WRONG_VERSION_NUMBER' || message.endsWith(NO_HANDSHAKE))
    return {
      words: 'the broker hung up during the TLS handshake, as it does on a port without TLS',
      action: 'Leave bus.kafka.tls out, or use a port that speaks TLS.',
    }
  return undefined
}

const hungUp = ({ name }: ConnectionFailure): Denial | undefined =>
  name === 'KafkaJSConnectionClosedError'
    ? {
        words: 'the broker hung up: it stops, or this port wants TLS or a login',
        action: 'If the broker runs, see whether its port asks for bus.kafka.tls or bus.kafka.sasl.',
      }
    : undefined

/** Finds out whether a failure is about credentials, certificates or the kind of port; undefined: it is not. */
export const denialIn = (failure: Error): Denial | undefined =>
  login(failure) ?? certificate(failure) ?? hungUp(failure)
