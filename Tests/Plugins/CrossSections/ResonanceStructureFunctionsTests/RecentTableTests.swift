import ResonanceStructureFunctions
import Synchronization
import Testing

@Suite struct RecentTableTests {
  @Test("a table is made once while it is kept, and the one that was not used the longest gives way")
  func leastRecentlyUsed() {
    let tables = RecentTables<Int, Int>(capacity: 2)
    let made = Mutex<[Int]>([])
    func ask(_ key: Int) -> Int {
      tables.table(key) {
        made.withLock { $0.append(key) }
        return 10 * key
      }
    }
    #expect([1, 2, 1, 3, 1, 2].map(ask) == [10, 20, 10, 30, 10, 20])
    // 3 displaces 2, because 1 was used after it; 2 then displaces 3.
    #expect(made.withLock { $0 } == [1, 2, 3, 2])
  }

  @Test("line shapes that differ in one number alone have tables of their own")
  func keys() {
    func value(
      _ mass: Double = 1.232, _ width: Double = 0.12, _ orbital: Int = 1, _ low: Double = 0.05, _ end: Double = 9
    )
      -> Double
    {
      LineShape(mass: mass, width: width, orbital: orbital, smearing: low...0.3, upTo: end)
        .value(massSquared: 1.5, smearing: 0.06)
    }
    let first = value()
    #expect(value() == first)
    for other in [value(1.24), value(1.232, 0.13), value(1.232, 0.12, 2), value(1.232, 0.12, 1, 0.09)] {
      #expect(abs(other / first - 1) > 1e-4)
    }
    // The end of a table moves no value inside, but a shape ends there.
    #expect(value(1.232, 0.12, 1, 0.05, 1.2) != first)
  }
}
