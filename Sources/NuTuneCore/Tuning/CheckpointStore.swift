/// Stores the unfinished state of a tuning. Saving replaces the last state atomically.
public protocol CheckpointStore: Sendable {
  /// Loads the last saved state, nil when there is none.
  func load() throws -> [UInt8]?
  /// Saves a state.
  func save(_ bytes: [UInt8]) throws
}
