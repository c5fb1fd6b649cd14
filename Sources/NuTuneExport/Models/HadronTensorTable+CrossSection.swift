import NuTuneCore

extension HadronTensorTable {
  /// Returns the five components at a point, interpolated bilinearly as GENIE does; nil outside the table.
  package func interpolated(energy: Double, momentum: Double) -> [Double]? {
    guard let (row, v) = Self.cell(energy, energies), let (column, u) = Self.cell(momentum, momenta) else { return nil }
    let count = momenta.count
    return components.map { values in
      let (low, high) = (row * count + column, (row + 1) * count + column)
      return (1 - v) * ((1 - u) * values[low] + u * values[low + 1])
        + v * ((1 - u) * values[high] + u * values[high + 1])
    }
  }

  private static func cell(_ value: Double, _ axis: [Double]) -> (index: Int, fraction: Double)? {
    guard axis.count >= 2, value >= axis[0], value <= axis[axis.count - 1] else { return nil }
    var (low, high) = (0, axis.count - 1)
    while high - low > 1 {
      let middle = (low + high) / 2
      if axis[middle] <= value { low = middle } else { high = middle }
    }
    return (low, (value - axis[low]) / (axis[low + 1] - axis[low]))
  }

  /// Returns d²σ/(dE_l dcosθ) in 10⁻³⁸ cm²/GeV per nucleon from the interpolated tensor; nil outside the table, and
  /// where no lepton is produced.
  package func crossSection(
    of species: NeutrinoSpecies, neutrinoEnergy: Double, leptonEnergy: Double, cosTheta: Double
  ) -> Double? {
    let tensor = LeptonTensor(species)
    let (q0, q2) = Kinematics.invariants(
      neutrinoEnergy: neutrinoEnergy, leptonEnergy: leptonEnergy, cosTheta: cosTheta, leptonMass: tensor.leptonMass)
    guard q0 > 0, q2 > 0, leptonEnergy > tensor.leptonMass else { return nil }
    let momentum = (q2 + q0 * q0).squareRoot()
    guard let values = interpolated(energy: q0, momentum: momentum) else { return nil }
    let mass = PhysicalConstants.nucleonMass
    let a = (values[4] - values[2]) / (momentum * momentum)
    let fifth = mass * (values[1] / momentum - q0 * a)
    var functions = StructureFunctions(count: 1)
    functions.w = [
      [values[2]], [values[0] + values[2] - q0 * q0 * a - 2 * q0 * fifth / mass], [-2 * mass * values[3] / momentum],
      [a * mass * q2 / (2 * q0)], [fifth],
    ]
    let value = tensor.crossSection(
      of: functions,
      at: KinematicPoints(neutrinoEnergy: [neutrinoEnergy], leptonEnergy: [leptonEnergy], cosTheta: [cosTheta]),
      invariants: InvariantPoints(omega: [q0], q2: [q2]))[0]
    return value * PhysicalConstants.vud * PhysicalConstants.vud / (Double(nucleons) * Self.propagator(q2))
  }
}
