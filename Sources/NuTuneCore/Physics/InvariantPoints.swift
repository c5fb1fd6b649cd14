/// A batch of points in the two invariants, structure of arrays.
public struct InvariantPoints: Sendable {
  /// Energy transfers ω in GeV, shape [points].
  public var omega: [Double]
  /// Q² in GeV², shape [points].
  public var q2: [Double]

  /// Number of points.
  public var count: Int { omega.count }

  /// Creates a batch of points; both arrays have one length.
  public init(omega: [Double], q2: [Double]) {
    precondition(omega.count == q2.count)
    self.omega = omega
    self.q2 = q2
  }
}
