import Synchronization

/// Tables that were made lately: a fit makes a theory anew for every value of its parameters, of which few change a line
/// shape, and tabulating those takes longer than everything else of a theory.
///
/// A table has to be a function of its key alone, so that no result depends on what is kept.
package struct RecentTables<Key: Hashable & Sendable, Table: Sendable>: ~Copyable, Sendable {
  /// Largest number of tables that are kept.
  package let capacity: Int
  private let state = Mutex<State>(State())

  private struct State {
    var tables: [Key: Table] = [:]
    /// Keys in the order in which they were asked for.
    var oldestFirst: [Key] = []

    mutating func use(_ key: Key) -> Table? {
      guard let known = tables[key] else { return nil }
      oldestFirst.removeAll { $0 == key }
      oldestFirst.append(key)
      return known
    }
  }

  /// Keeps at most so many tables, at least one.
  package init(capacity: Int) { self.capacity = capacity }

  /// The table of a key, made where it is not kept; then the one that was not asked for the longest gives way.
  package func table(_ key: Key, make: () -> Table) -> Table {
    if let known = state.withLock({ $0.use(key) }) { return known }
    // Not under the lock, because other threads need other tables; two may make the same one.
    let made = make()
    return state.withLock { state in
      if let known = state.use(key) { return known }
      if state.oldestFirst.count >= capacity { state.tables[state.oldestFirst.removeFirst()] = nil }
      state.tables[key] = made
      state.oldestFirst.append(key)
      return made
    }
  }
}
