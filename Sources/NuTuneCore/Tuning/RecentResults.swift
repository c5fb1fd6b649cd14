import Synchronization

/// Results of long computations that were made lately: tables of a theory that a fit makes anew for every value of its
/// parameters, of which few change a table; and fits that two models of a study ask for.
///
/// A result has to be a function of its key alone, so that no number depends on what is kept.
package struct RecentResults<Key: Hashable & Sendable, Value: Sendable>: ~Copyable, Sendable {
  /// Largest number of results that are kept.
  package let capacity: Int
  private let state = Mutex<State>(State())

  private struct State {
    var values: [Key: Value] = [:]
    /// Keys in the order in which they were asked for.
    var oldestFirst: [Key] = []

    mutating func use(_ key: Key) -> Value? {
      guard let known = values[key] else { return nil }
      oldestFirst.removeAll { $0 == key }
      oldestFirst.append(key)
      return known
    }
  }

  /// Keeps at most so many results, at least one.
  package init(capacity: Int) { self.capacity = capacity }

  /// The result of a key, made where it is not kept; then the one that was not asked for the longest gives way. What is
  /// thrown is not kept.
  package func value<Failure: Error>(_ key: Key, make: () throws(Failure) -> Value) throws(Failure) -> Value {
    if let known = state.withLock({ $0.use(key) }) { return known }
    // Not under the lock, because other threads need other results; two may make the same one.
    let made = try make()
    return state.withLock { state in
      if let known = state.use(key) { return known }
      if state.oldestFirst.count >= capacity { state.values[state.oldestFirst.removeFirst()] = nil }
      state.values[key] = made
      state.oldestFirst.append(key)
      return made
    }
  }
}
