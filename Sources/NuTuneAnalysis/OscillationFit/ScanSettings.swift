/// How an oscillation fit scans its parameters.
public struct ScanSettings: Sendable {
  /// Points per axis.
  public var points: Int
  /// Room on both sides of the minima, in half widths of the intervals.
  public var room = 4.5
  /// Whether a region that the common axes of all models cut is scanned again on axes of its own.
  public var hasOwnAxes = true
  /// Whether every pair of parameters is scanned, with the profile of each; otherwise the first two are.
  public var hasEveryPair = true
  /// Pairs of parameters that are scanned beside the first two; all of them when empty.
  public var planes: [[String]] = []
  /// Whether intervals of Δ(−2lnL) = 4 are found, too.
  public var hasTwoSigmaIntervals = false

  /// Whether a pair of parameters is scanned.
  func hasPlane(_ first: String, _ second: String) -> Bool {
    planes.isEmpty || planes.contains { Set($0) == [first, second] }
  }

  /// A scan with everything that a report shows.
  public init(points: Int) { self.points = points }

  /// The scan of a member of an ensemble: on common axes with room for what systematics may move, so that members can be
  /// combined point by point.
  public static func member(points: Int) -> ScanSettings {
    var settings = ScanSettings(points: points)
    settings.room = 7.5
    settings.hasOwnAxes = false
    settings.hasEveryPair = false
    settings.hasTwoSigmaIntervals = true
    return settings
  }
}
