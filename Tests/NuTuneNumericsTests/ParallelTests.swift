import NuTuneNumerics
import Synchronization
import Testing

@Suite struct ParallelTests {
  @Test(arguments: [1, 2, 3, 7, 100])
  func everyPieceOnceAndInOrder(threads: Int) {
    #expect(Parallel.map(50, threads: threads) { $0 * $0 } == (0..<50).map { $0 * $0 })
    let calls = Mutex([Int](repeating: 0, count: 50))
    Parallel.forEach(50, threads: threads) { piece, worker in
      #expect((0..<threads).contains(worker))
      calls.withLock { $0[piece] += 1 }
    }
    #expect(calls.withLock { $0 } == [Int](repeating: 1, count: 50))
    #expect(Parallel.map(0, threads: threads) { $0 }.isEmpty)
  }

  @Test(arguments: [1, 4])
  func theFirstErrorIsThrown(threads: Int) {
    struct Failure: Error, Equatable { let piece: Int }
    #expect(throws: Failure(piece: 3)) {
      try Parallel.map(20, threads: threads) { piece in if piece % 3 == 0, piece > 0 { throw Failure(piece: piece) } }
    }
  }
}
