import { promisify } from 'node:util'
import zlib from 'node:zlib'
import kafkajs from 'kafkajs'
import { unpackLz4 } from './lz4.ts'
import { MOST_BYTES } from './output.ts'
import { unpackSnappy } from './snappy.ts'

const unpackZstd = promisify(zlib.zstdDecompress)

const neverPacks = () => {
  throw new TypeError('The mesh does not write this compression.')
}

const reading = (decompress: (packed: Buffer) => Promise<Buffer>) => () => ({
  compress: neverPacks,
  decompress,
})

let taught = false

/**
 * Teaches kafkajs to read what it can't as published, once per process: snappy, LZ4 and zstd. Who writes a topic, and
 * what its brokers are set to (`compression.type`), is not ours to decide, and a partition that can't be read stands
 * still.
 */
export const teachCompression = (): void => {
  if (taught) return
  taught = true
  const { CompressionCodecs, CompressionTypes } = kafkajs
  CompressionCodecs[CompressionTypes.Snappy] = reading(async (packed) => unpackSnappy(packed))
  CompressionCodecs[CompressionTypes.LZ4] = reading(async (packed) => unpackLz4(packed))
  CompressionCodecs[CompressionTypes.ZSTD] = reading((packed) =>
    unpackZstd(packed, { maxOutputLength: MOST_BYTES }),
  )
}
