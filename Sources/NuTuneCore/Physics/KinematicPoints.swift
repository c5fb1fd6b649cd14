/// A batch of points (E_ν, E_l, cosθ), structure of arrays.
public struct KinematicPoints: Sendable {
  /// Neutrino energies E_ν in GeV, shape [points].
  public var neutrinoEnergy: [Double]
  /// Charged-lepton energies E_l in GeV, shape [points].
  public var leptonEnergy: [Double]
  /// Cosines of the angle between lepton and beam, shape [points].
  public var cosTheta: [Double]

  /// Number of points.
  public var count: Int { neutrinoEnergy.count }

  /// Creates a batch of points; the three arrays have one length.
  public init(neutrinoEnergy: [Double] = [], leptonEnergy: [Double] = [], cosTheta: [Double] = []) {
    precondition(neutrinoEnergy.count == leptonEnergy.count && leptonEnergy.count == cosTheta.count)
    self.neutrinoEnergy = neutrinoEnergy
    self.leptonEnergy = leptonEnergy
    self.cosTheta = cosTheta
  }

  /// Adds one point.
  public mutating func append(neutrinoEnergy: Double, leptonEnergy: Double, cosTheta: Double) {
    self.neutrinoEnergy.append(neutrinoEnergy)
    self.leptonEnergy.append(leptonEnergy)
    self.cosTheta.append(cosTheta)
  }

  /// Computes the invariants of each point for a lepton of mass `leptonMass` (GeV).
  ///
  /// ω = E_ν − E_l, Q² = 2E_ν(E_l − p_l cosθ) − m². The difference E_l − p_l cosθ is taken as
  /// m²/(E_l + p_l) + p_l(1 − cosθ), which keeps its digits for a relativistic forward lepton.
  public func invariants(leptonMass: Double) -> InvariantPoints {
    var result = InvariantPoints(omega: [], q2: [])
    result.omega.reserveCapacity(count)
    result.q2.reserveCapacity(count)
    for i in 0..<count {
      let point = Kinematics.invariants(
        neutrinoEnergy: neutrinoEnergy[i], leptonEnergy: leptonEnergy[i], cosTheta: cosTheta[i], leptonMass: leptonMass)
      result.omega.append(point.omega)
      result.q2.append(point.q2)
    }
    return result
  }
}
