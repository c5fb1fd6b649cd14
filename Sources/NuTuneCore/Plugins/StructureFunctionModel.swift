/// A model defined by structure functions, whose cross section is linear in them, so that fold tables serve it.
public protocol StructureFunctionModel: CrossSectionModel {
  /// Computes W₁…W₅ in GeV⁻¹ per nucleon on a batch of points with ω > 0 and Q² > 0.
  func structureFunctions(of reaction: Reaction, at points: InvariantPoints) throws -> StructureFunctions
}

extension StructureFunctionModel {
  /// Computes the cross section from the structure functions, clipped at zero where they do not come from a positive
  /// hadron tensor; see ``LeptonTensor``.
  public func crossSection(of reaction: Reaction, at points: KinematicPoints) throws -> [Double] {
    let tensor = LeptonTensor(reaction.species)
    let all = points.invariants(leptonMass: tensor.leptonMass)
    // Structure functions are evaluated only where a lepton can be produced.
    let allowed = (0..<points.count).filter {
      points.leptonEnergy[$0] > tensor.leptonMass && all.omega[$0] > 0 && all.q2[$0] > 0
    }
    var values = [Double](repeating: 0, count: points.count)
    guard !allowed.isEmpty else { return values }
    let invariants = InvariantPoints(omega: allowed.map { all.omega[$0] }, q2: allowed.map { all.q2[$0] })
    let inside = KinematicPoints(
      neutrinoEnergy: allowed.map { points.neutrinoEnergy[$0] }, leptonEnergy: allowed.map { points.leptonEnergy[$0] },
      cosTheta: allowed.map { points.cosTheta[$0] })
    let functions = try structureFunctions(of: reaction, at: invariants)
    let found = tensor.crossSection(of: functions, at: inside, invariants: invariants)
    for (value, index) in zip(found, allowed) { values[index] = max(value, 0) }
    return values
  }
}
