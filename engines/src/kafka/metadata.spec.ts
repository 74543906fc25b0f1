import { describe, expect, it } from '@jest/globals'
import { brokersIn, metadataRequest } from './metadata.ts'

const string = (text: string) => {
  const bytes = Buffer.from(text)
  const length = Buffer.alloc(2)
  length.writeInt16BE(bytes.length)
  return Buffer.concat([length, bytes])
}
const int32 = (value: number) => {
  const bytes = Buffer.alloc(4)
  bytes.writeInt32BE(value)
  return bytes
}
const noString = Buffer.from([0xff, 0xff])
const broker = (id: number, rack: Buffer) =>
  Buffer.concat([int32(id), string('127.0.0.1'), int32(9_092), rack])

const answer = (...brokers: readonly Buffer[]) => {
  const body = Buffer.concat([
    int32(1),
    int32(0),
    int32(brokers.length),
    ...brokers,
    noString,
    int32(1),
    int32(0),
  ])
  return Buffer.concat([int32(body.length), body])
}

describe('Kafka’s Metadata request', () => {
  it('says its own length, the key and a version that old and new brokers speak', () => {
    const request = metadataRequest()
    expect(request.readInt32BE(0)).toBe(request.length - 4)
    expect([request.readInt16BE(4), request.readInt16BE(6)]).toEqual([3, 5])
    expect(request.readInt32BE(request.length - 5)).toBe(0)
  })

  it('is answered with the brokers that are alive, with and without a rack', () => {
    expect(brokersIn(answer(broker(1, noString), broker(3, string('eu-1a'))))).toEqual([1, 3])
    expect(brokersIn(answer())).toEqual([])
  })

  it('is not taken as answered by somebody else’s bytes', () => {
    expect(() => brokersIn(Buffer.from('HTTP/1.1 400 Bad Request'))).toThrow('not the answer')
  })
})
