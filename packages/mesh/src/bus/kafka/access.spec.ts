import { describe, expect, it } from '@jest/globals'
import kafkajs from 'kafkajs'
import { denialIn } from './access.ts'
import { CATALOGUE } from '../../errors/catalogue.ts'
import { isRefusedLogin, kafkaWords, unavailable } from './failure.ts'

const named = (name: string, message: string) => Object.assign(new Error(message), { name })

const connection = (code: string, message: string) =>
  new kafkajs.KafkaJSConnectionError(`Connection error: ${message}`, { broker: 'a:1', code })

const protocol = (type: string, message: string) =>
  new kafkajs.KafkaJSProtocolError({ type, message, code: 1, name: '' } as unknown as Error)

const SASL = 'KafkaJSSASLAuthenticationError'

describe('why the brokers do not let us in', () => {
  it.each([
    [
      'the brokers refuse the login (SASL PLAIN authentication failed: Invalid username or password)',
      named(SASL, 'SASL PLAIN authentication failed: Invalid username or password'),
      'bus.kafka.sasl',
    ],
    [
      'the brokers refuse the login (No such mechanism)',
      protocol('UNSUPPORTED_SASL_MECHANISM', 'No such mechanism'),
      'bus.kafka.sasl',
    ],
    [
      'the brokers take no login on this port',
      protocol('ILLEGAL_SASL_STATE', 'Request is not valid given the current SASL state'),
      'bus.kafka.sasl',
    ],
    [
      'the brokers’ certificate is not trusted (CERT_HAS_EXPIRED)',
      connection('CERT_HAS_EXPIRED', 'certificate has expired'),
      'renewed',
    ],
    [
      "the brokers’ certificate is for another host (Host: a. is not in the cert's altnames: DNS:b)",
      connection(
        'ERR_TLS_CERT_ALTNAME_INVALID',
        "Hostname/IP does not match certificate's altnames: Host: a. is not in the cert's altnames: DNS:b",
      ),
      'bus.kafka.bootstrapServers',
    ],
    [
      'the brokers refuse the TLS handshake (bad certificate)',
      connection(
        'ERR_SSL_SSL/TLS_ALERT_BAD_CERTIFICATE',
        '40:error:0A000412:SSL routines:ssl3_read_bytes:ssl/tls alert bad certificate:rec_layer_s3.c:918:\n',
      ),
      'bus.kafka.tls.cert',
    ],
    [
      'the broker hung up during the TLS handshake, as it does on a port without TLS',
      connection(
        'ECONNRESET',
        'Client network socket disconnected before secure TLS connection was established',
      ),
      'bus.kafka.tls',
    ],
    [
      'the broker hung up: it stops, or this port wants TLS or a login',
      named('KafkaJSConnectionClosedError', 'Closed connection'),
      'bus.kafka.tls',
    ],
  ])('%s', (words, thrown, setting) => {
    const wrapped = new kafkajs.KafkaJSNumberOfRetriesExceeded(thrown, { retryCount: 0, retryTime: 1 })
    expect(kafkaWords(wrapped)).toBe(words)
    expect(unavailable('Something.', wrapped)).toMatchObject({
      message: 'Something.',
      action: expect.stringContaining(setting),
      lasting: !words.startsWith('the broker hung up'),
    })
    expect(isRefusedLogin(wrapped)).toBe(!words.startsWith('the broker hung up'))
  })

  it.each([
    [
      'a broker that stops in the middle of a login',
      named(SASL, 'SASL PLAIN authentication failed: Closed connection'),
    ],
    [
      'a connection that breaks in the middle of a login',
      named(SASL, 'SASL SCRAM SHA256 authentication failed: Connection error: read ECONNRESET'),
    ],
    [
      'a broker that hangs in the middle of a login',
      named(
        SASL,
        'SASL PLAIN authentication failed: Request SaslAuthenticate(key: 36, version: 1) timed out',
      ),
    ],
    ['nobody there', connection('ECONNREFUSED', 'connect ECONNREFUSED 127.0.0.1:1')],
    ['a right that is missing', protocol('TOPIC_AUTHORIZATION_FAILED', 'Not authorized')],
  ])('is another matter: %s', (_, thrown) => {
    expect(denialIn(thrown)).toBeUndefined()
    expect(isRefusedLogin(thrown)).toBe(false)
    expect(unavailable('Something.', thrown).lasting).toBe(false)
    expect(unavailable('Something.', thrown).action).toBe(CATALOGUE.MESH_BUS_UNAVAILABLE.action)
  })
})
