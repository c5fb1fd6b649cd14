import Foundation

extension ObservablePair {
  /// Whether the lepton at a value of the pair depends on the neutrino energy: pairs with ω, q₃ or Q².
  public var needsNeutrinoEnergy: Bool { Self.isTransfer(first, second) }

  /// Whether both observables are transfers to the nucleus, or one beside E_l or p_l.
  static func isTransfer(_ first: Observable, _ second: Observable) -> Bool {
    switch (first, second) {
    case (.energyTransfer, .q2), (.momentumTransfer, .energyTransfer), (.momentumTransfer, .q2): true
    case (.leptonEnergy, .q2), (.leptonEnergy, .momentumTransfer): true
    case (.leptonMomentum, .q2), (.leptonMomentum, .momentumTransfer): true
    default: false
    }
  }

  /// Returns the quasi-elastic energy of a species with the binding energy of the pair; nil for pairs without it.
  public func quasielasticEnergy(of species: NeutrinoSpecies) -> QuasielasticEnergy? {
    bindingEnergy.map { QuasielasticEnergy(of: species, bindingEnergy: $0) }
  }

  /// Computes the values of any pair for a lepton that a neutrino of E_ν in GeV makes.
  ///
  /// The quasi-elastic energy of a lepton that has none is infinite, above all bins.
  public func values(
    neutrinoEnergy: Double, leptonEnergy: Double, cosTheta: Double, species: NeutrinoSpecies
  ) -> (first: Double, second: Double) {
    let mass = species.leptonMass
    let plain = values(leptonEnergy: leptonEnergy, cosTheta: cosTheta, leptonMass: mass)
    if let quasielastic = quasielasticEnergy(of: species) {
      return (quasielastic.value(leptonEnergy: leptonEnergy, cosTheta: cosTheta), plain.second)
    }
    guard needsNeutrinoEnergy else { return plain }
    let (omega, q2) = Kinematics.invariants(
      neutrinoEnergy: neutrinoEnergy, leptonEnergy: leptonEnergy, cosTheta: cosTheta, leptonMass: mass)
    func value(_ observable: Observable, otherwise plain: Double) -> Double {
      switch observable {
      case .energyTransfer: omega
      case .momentumTransfer: max(q2 + omega * omega, 0).squareRoot()
      case .q2: q2
      default: plain
      }
    }
    return (value(first, otherwise: plain.first), value(second, otherwise: plain.second))
  }

  /// Computes the lepton at a value of any pair for a neutrino of E_ν in GeV, with |∂(E_l, cosθ)/∂(first, second)|; nil
  /// where there is none. Of two leptons with the same quasi-elastic energy, next to threshold, it is the faster one.
  public func lepton(
    first u: Double, second v: Double, neutrinoEnergy: Double, species: NeutrinoSpecies
  ) -> (energy: Double, cosTheta: Double, jacobian: Double)? {
    let mass = species.leptonMass
    if let quasielastic = quasielasticEnergy(of: species) {
      let radians = v * Double.pi / 180
      let cosTheta = second == .theta ? cos(radians) : v
      guard let lepton = quasielastic.lepton(at: u, cosTheta: cosTheta) else { return nil }
      return (
        lepton.energy, cosTheta, lepton.slope * (second == .theta ? sin(radians) * Double.pi / 180 : 1)
      )
    }
    guard needsNeutrinoEnergy else { return lepton(first: u, second: v, leptonMass: mass) }
    // E_l and Q² with |∂(E_l, Q²)/∂(first, second)|.
    let (energy, q2, jacobian): (Double, Double, Double)
    switch (first, second) {
    case (.energyTransfer, _): (energy, q2, jacobian) = (neutrinoEnergy - u, v, 1)
    case (.momentumTransfer, .energyTransfer): (energy, q2, jacobian) = (neutrinoEnergy - v, u * u - v * v, 2 * u)
    case (.momentumTransfer, _):
      let omega = max(u * u - v, 0).squareRoot()
      (energy, q2, jacobian) = (neutrinoEnergy - omega, v, omega > 0 ? u / omega : 0)
    default:
      energy = first == .leptonEnergy ? u : (u * u + mass * mass).squareRoot()
      let slope = first == .leptonEnergy ? 1 : u / energy
      let omega = neutrinoEnergy - energy
      (q2, jacobian) = second == .q2 ? (v, slope) : (v * v - omega * omega, 2 * v * slope)
    }
    let momentum = Kinematics.leptonMomentum(energy: energy, mass: mass)
    guard momentum > 0, energy <= neutrinoEnergy, q2 > 0 else { return nil }
    let cosTheta = (energy - (q2 + mass * mass) / (2 * neutrinoEnergy)) / momentum
    guard abs(cosTheta) <= 1 else { return nil }
    return (energy, cosTheta, jacobian / (2 * neutrinoEnergy * momentum))
  }
}
