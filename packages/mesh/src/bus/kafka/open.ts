// Only types are imported here: a mesh on its embedded engine starts without loading kafkajs.
import type { KafkaBus, KafkaBusOptions } from './kafka-bus.ts'
import type { KafkaTopics, kafkaTopics } from './topics/kafka-topics.ts'

/** Opens the bus on Kafka; loads its driver only now. Throws what {@link KafkaBus}'s own opening throws. */
export const openKafkaBus = async (options: KafkaBusOptions): Promise<KafkaBus> =>
  (await import('./kafka-bus.ts')).kafkaBus(options)

/** Opens the topics of a cluster for planning; loads the driver only now. */
export const openKafkaTopics = async (...parameters: Parameters<typeof kafkaTopics>): Promise<KafkaTopics> =>
  (await import('./topics/kafka-topics.ts')).kafkaTopics(...parameters)
