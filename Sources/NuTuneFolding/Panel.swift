/// A rectangle in the variables of the integration over bins.
struct Panel: Sendable {
  var first: ClosedRange<Double>
  var second: ClosedRange<Double>
  /// The bin, for variables that depend on it.
  var bin = 0

  /// Divides the panel into halves along the first or the second variable.
  func halves(alongFirst: Bool) -> (Panel, Panel) {
    let range = alongFirst ? first : second
    let middle = (range.lowerBound + range.upperBound) / 2
    let (low, high) = (range.lowerBound...middle, middle...range.upperBound)
    return alongFirst
      ? (Panel(first: low, second: second, bin: bin), Panel(first: high, second: second, bin: bin))
      : (Panel(first: first, second: low, bin: bin), Panel(first: first, second: high, bin: bin))
  }
}
