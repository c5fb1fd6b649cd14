/// Keeps nothing.
public struct NoCheckpoint: CheckpointStore {
  /// A store that forgets.
  public init() {}
  /// Always nil.
  public func load() -> [UInt8]? { nil }
  /// Does nothing.
  public func save(_ bytes: [UInt8]) {}
}
