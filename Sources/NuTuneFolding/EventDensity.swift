import NuTuneCore

/// The density of events φ(E_ν) d²σ in E_ν and the coordinates of ``LeptonCoordinates``.
struct EventDensity: Sendable {
  /// The cross section.
  let model: any CrossSectionModel
  /// The reaction.
  let reaction: Reaction
  /// The flux.
  let flux: any FluxProvider

  /// Points (E_ν, x, y), structure of arrays.
  struct Points {
    /// E_ν in GeV, shape [points].
    var energy: [Double] = []
    /// x from 0 to 1, shape [points].
    var x: [Double] = []
    /// y from 0 to 1, shape [points].
    var y: [Double] = []

    mutating func append(_ energy: Double, _ x: Double, _ y: Double) {
      self.energy.append(energy)
      self.x.append(x)
      self.y.append(y)
    }
  }

  /// Computes d²σ/(dx dy) in 10⁻³⁸ cm² per nucleon, and the leptons at the points, shape [points] each.
  func crossSection(at points: Points) throws -> (values: [Double], leptons: KinematicPoints) {
    let coordinates = LeptonCoordinates(mass: reaction.species.leptonMass)
    var leptons = KinematicPoints()
    var jacobians = [Double](repeating: 0, count: points.energy.count)
    for point in points.energy.indices {
      let lepton = coordinates.lepton(neutrinoEnergy: points.energy[point], points.x[point], points.y[point])
      jacobians[point] = lepton.jacobian
      leptons.append(
        neutrinoEnergy: points.energy[point], leptonEnergy: lepton.energy, cosTheta: lepton.cosTheta)
    }
    let values = try model.crossSection(of: reaction, at: leptons)
    return (zip(values, jacobians).map { $1 > 0 ? $0 * $1 : 0 }, leptons)
  }

  /// Computes φ d²σ/(dx dy) in 10⁻³⁸/GeV/POT per nucleon, and the leptons at the points, shape [points] each.
  func rate(at points: Points) throws -> (values: [Double], leptons: KinematicPoints) {
    let densities = try flux.density(of: reaction.species, at: points.energy)
    let (values, leptons) = try crossSection(at: points)
    return (zip(values, densities).map { $0 * $1 }, leptons)
  }
}
