import NuTuneCore
import Synchronization
import Testing

@Suite struct RecentResultTests {
  @Test("a result is made once while it is kept, and the one that was not used the longest gives way")
  func leastRecentlyUsed() {
    let results = RecentResults<Int, Int>(capacity: 2)
    let made = Mutex<[Int]>([])
    func ask(_ key: Int) -> Int {
      results.value(key) {
        made.withLock { $0.append(key) }
        return 10 * key
      }
    }
    #expect([1, 2, 1, 3, 1, 2].map(ask) == [10, 20, 10, 30, 10, 20])
    // 3 displaces 2, because 1 was used after it; 2 then displaces 3.
    #expect(made.withLock { $0 } == [1, 2, 3, 2])
  }

  @Test("what fails is tried again")
  func failures() throws {
    struct Failure: Error {}
    let results = RecentResults<Int, Int>(capacity: 1)
    #expect(throws: Failure.self) { try results.value(1) { throw Failure() } }
    #expect(results.value(1) { 5 } == 5)
  }
}
