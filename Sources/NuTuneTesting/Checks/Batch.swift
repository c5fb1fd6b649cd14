import Dispatch
import Synchronization

/// Checks of the promises of batch computations.
enum Batch {
  /// Checks that values are as many as asked for, finite, and in a range.
  static func check(
    _ values: [Double], count: Int, of what: String, in range: ClosedRange<Double>, at point: (Int) -> String
  )
    throws
  {
    guard values.count == count else {
      throw broken(found: "\(values.count) values of \(what)", expected: "\(count), one for each point")
    }
    guard let bad = values.firstIndex(where: { !range.contains($0) }) else { return }
    throw broken(
      found: "\(values[bad]) as \(what) at \(point(bad))",
      expected: range.upperBound == .greatestFiniteMagnitude
        ? range.lowerBound == 0 ? "a finite number ≥ 0" : "a finite number"
        : "a number from \(range.lowerBound) to \(range.upperBound)")
  }

  /// Checks that every point alone gives the same value as in a batch, to rounding in single precision.
  static func checkSingles(_ batch: [Double], at point: (Int) -> String, single: (Int) throws -> [Double]) throws {
    let scale = batch.reduce(0) { max($0, abs($1)) }
    for index in batch.indices {
      let alone = try single(index)
      guard alone.count == 1 else {
        throw broken(found: "\(alone.count) values for one point", expected: "one")
      }
      guard abs(alone[0] - batch[index]) <= 1e-5 * abs(batch[index]) + 1e-9 * scale else {
        throw broken(
          found: "\(batch[index]) in a batch and \(alone[0]) alone at \(point(index))",
          expected: "the same value, whatever else is asked for")
      }
    }
  }

  /// Checks that several threads at once get the same values as one, bit for bit.
  static func checkThreads<Value: Equatable & Sendable>(
    _ reference: Value, _ body: @escaping @Sendable () throws -> Value
  ) throws {
    let calls = 8
    let wrong = Mutex<[any Error]>([])
    let different = Atomic(0)
    DispatchQueue.concurrentPerform(iterations: calls) { _ in
      do {
        if try body() != reference { different.wrappingAdd(1, ordering: .relaxed) }
      } catch {
        wrong.withLock { $0.append(error) }
      }
    }
    if let error = wrong.withLock({ $0.first }) { throw error }
    let count = different.load(ordering: .relaxed)
    guard count == 0 else {
      throw broken(
        found: "\(count) of \(calls) calls at once with other numbers than one call alone",
        expected: "the same numbers, bit for bit")
    }
  }
}
