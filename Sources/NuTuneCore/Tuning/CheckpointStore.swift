/// Where a tuning keeps its unfinished work. Saving replaces the last one atomically.
public protocol CheckpointStore: Sendable {
  /// The last saved work, nil when there is none.
  func load() throws -> [UInt8]?
  /// Keeps work.
  func save(_ bytes: [UInt8]) throws
}
