/// A checkpoint store that saves nothing.
public struct NoCheckpoint: CheckpointStore {
  /// Creates the store.
  public init() {}
  /// Always nil.
  public func load() -> [UInt8]? { nil }
  /// Does nothing.
  public func save(_ bytes: [UInt8]) {}
}
