/// A rectangle in the variables of the integration over bins.
struct Panel: Sendable {
  var first: ClosedRange<Double>
  var second: ClosedRange<Double>
  /// The bin, for variables that depend on it.
  var bin = 0
  /// Range of p_T of the bin, GeV, where the largest angle ends it below its upper end: the first variable is then p_T
  /// stretched so that the whole range is within the angle. Nil where the first variable is p_T as it is.
  var stretched: ClosedRange<Double>?

  /// Divides the panel into halves along the first or the second variable.
  func halves(alongFirst: Bool) -> (Panel, Panel) {
    let range = alongFirst ? first : second
    let middle = (range.lowerBound + range.upperBound) / 2
    let (low, high) = (range.lowerBound...middle, middle...range.upperBound)
    var halves = (self, self)
    if alongFirst {
      (halves.0.first, halves.1.first) = (low, high)
    } else {
      (halves.0.second, halves.1.second) = (low, high)
    }
    return halves
  }
}
