import Dispatch

/// Independent pieces of work on some threads; the result does not depend on how many.
enum Parallel {
  /// `body(0) … body(count − 1)` in order.
  static func map<Result: Sendable>(count: Int, threads: Int, _ body: @Sendable (Int) -> Result) -> [Result] {
    guard threads > 1 else { return (0..<count).map(body) }
    return [Result](unsafeUninitializedCapacity: count) { buffer, initialized in
      nonisolated(unsafe) let base = buffer.baseAddress!
      DispatchQueue.concurrentPerform(iterations: threads) { thread in
        for index in stride(from: thread, to: count, by: threads) { (base + index).initialize(to: body(index)) }
      }
      initialized = count
    }
  }
}
