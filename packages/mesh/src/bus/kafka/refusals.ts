/** What refusals mean for whoever reads, for who does not know Kafka's names by heart. */
const MEANINGS: Readonly<Record<string, string>> = {
  TOPIC_AUTHORIZATION_FAILED: 'this user may not read the topic; grant it Read and Describe',
  GROUP_AUTHORIZATION_FAILED: 'this user may not use the consumer group; grant it Read on the group',
  CLUSTER_AUTHORIZATION_FAILED: 'this user may not use the cluster',
  UNKNOWN_TOPIC_OR_PARTITION: 'the topic does not exist; `mesh topics apply` makes it',
  INVALID_TOPIC_EXCEPTION: 'Kafka takes no topic of this name',
  LEADER_NOT_AVAILABLE: 'the partition has no leader',
  NOT_LEADER_FOR_PARTITION: 'the partition is moving to another broker',
  REPLICA_NOT_AVAILABLE: 'the partition is moving to another broker',
  FENCED_LEADER_EPOCH: 'the partition is moving to another broker',
  OFFSET_NOT_AVAILABLE: 'the partition’s new leader does not know its end yet',
  KAFKA_STORAGE_ERROR: 'the disk of the partition’s leader fails',
  CORRUPT_MESSAGE: 'the log is damaged at the partition’s leader',
  UNSTABLE_OFFSET_COMMIT: 'a transaction that commits for this group is not over',
  NOT_COORDINATOR_FOR_GROUP: 'the group is moving to another broker',
  GROUP_COORDINATOR_NOT_AVAILABLE: 'no broker looks after the group',
  GROUP_LOAD_IN_PROGRESS: 'the broker that looks after the group is still loading it',
}

/** What Kafka's word for a refusal means to whoever reads, with that word. Other words are left as they are. */
export const meaningToRead = (refusal: string): string =>
  MEANINGS[refusal] === undefined ? refusal : `${MEANINGS[refusal]} (${refusal})`
