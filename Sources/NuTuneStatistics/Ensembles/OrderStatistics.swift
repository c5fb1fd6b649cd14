/// Order statistics at positions that need not be integers.
package enum OrderStatistics {
  /// Returns the value at `position`, counted from one, of values in ascending order, linear between neighbours;
  /// positions below one or above the number of values give the first or the last value.
  ///
  /// - Parameter sorted: ascending, at least one value.
  package static func value(_ sorted: some RandomAccessCollection<Double>, at position: Double) -> Double {
    func element(_ place: Int) -> Double { sorted[sorted.index(sorted.startIndex, offsetBy: place - 1)] }
    let place = max(1, min(Double(sorted.count), position))
    let below = Int(place)
    let rest = place - Double(below)
    guard rest > 0 else { return element(below) }
    return element(below) + rest * (element(below + 1) - element(below))
  }
}
