import Dispatch
import Synchronization

/// Runs independent pieces of work on several threads. A thread takes the next piece when it is done with one, so a
/// slow core does less. Chance decides which thread does which piece: no result may depend on it.
public enum Parallel {
  /// Calls `body(piece, worker)` for every piece in 0 ..< `count`.
  ///
  /// - Parameters:
  ///   - count: number of pieces.
  ///   - threads: largest number of threads.
  ///   - body: does one piece; `worker` in 0 ..< `threads` only names scratch space that no other thread uses at the
  ///     same time.
  public static func forEach(_ count: Int, threads: Int, _ body: (_ piece: Int, _ worker: Int) -> Void) {
    let workers = min(threads, count, AddressSpace.threads)
    guard workers > 1 else {
      for piece in 0..<count { body(piece, 0) }
      return
    }
    let next = Atomic(0)
    withoutActuallyEscaping(body) { body in
      nonisolated(unsafe) let body = body
      DispatchQueue.concurrentPerform(iterations: workers) { worker in
        while true {
          let piece = next.wrappingAdd(1, ordering: .relaxed).oldValue
          if piece >= count { return }
          body(piece, worker)
        }
      }
    }
  }

  /// Returns `body(0) … body(count − 1)` in order. When pieces fail, the error of the first one is thrown.
  public static func map<Value, Failure: Error>(
    _ count: Int, threads: Int, _ body: (Int) throws(Failure) -> Value
  ) throws(Failure) -> [Value] {
    let results = [Result<Value, Failure>](unsafeUninitializedCapacity: count) { buffer, initialized in
      nonisolated(unsafe) let buffer = buffer
      forEach(count, threads: threads) { piece, _ in
        let result: Result<Value, Failure>
        do throws(Failure) {
          result = .success(try body(piece))
        } catch {
          result = .failure(error)
        }
        buffer.initializeElement(at: piece, to: result)
      }
      initialized = count
    }
    var values: [Value] = []
    values.reserveCapacity(count)
    for result in results { values.append(try result.get()) }
    return values
  }
}
