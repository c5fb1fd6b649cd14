import NuTuneCore

/// Points in the coordinates of a flow. Neighbours with one E_ν, or one (E_ν, E_l), share the outputs of the nets.
struct FlowPoints: Sendable {
  /// x₁ of each group of one E_ν, shape [energies].
  private(set) var x1: [Double] = []
  /// First lepton of each energy, shape [energies + 1].
  private(set) var leptonStart: [Int] = [0]
  /// x₂ of each group of one (E_ν, E_l), shape [leptons].
  private(set) var x2: [Double] = []
  /// First point of each lepton, shape [leptons + 1].
  private(set) var pointStart: [Int] = [0]
  /// x₃ of each point, shape [points].
  private(set) var x3: [Double] = []
  /// |∂(x₁,x₂,x₃)/∂(E_ν,E_l,cosθ)| of each point, zero outside the allowed region, shape [points].
  private(set) var jacobian: [Double] = []

  init(_ points: KinematicPoints, _ coordinates: FlowCoordinates) {
    x3.reserveCapacity(points.count)
    jacobian.reserveCapacity(points.count)
    var firstSlope = 0.0
    var secondSlope = 0.0
    for i in 0..<points.count {
      let neutrinoEnergy = points.neutrinoEnergy[i]
      let leptonEnergy = points.leptonEnergy[i]
      let sameEnergy = i > 0 && neutrinoEnergy == points.neutrinoEnergy[i - 1]
      if !sameEnergy {
        if i > 0 { leptonStart.append(x2.count) }
        let first = coordinates.first(neutrinoEnergy)
        x1.append(first?.x ?? 0)
        firstSlope = first?.slope ?? 0
      }
      if !(sameEnergy && leptonEnergy == points.leptonEnergy[i - 1]) {
        if i > 0 { pointStart.append(i) }
        let second = coordinates.second(leptonEnergy, neutrinoEnergy: neutrinoEnergy)
        x2.append(second?.x ?? 0)
        secondSlope = firstSlope > 0 ? second?.slope ?? 0 : 0
      }
      let third = coordinates.third(points.cosTheta[i])
      x3.append(third?.x ?? 0)
      jacobian.append(firstSlope * secondSlope * (third?.slope ?? 0))
    }
    if points.count > 0 {
      leptonStart.append(x2.count)
      pointStart.append(points.count)
    }
  }
}
