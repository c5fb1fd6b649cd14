import Foundation

/// A pair of observables that determines (E_l, cosθ), alone or together with E_ν, so that bins in it can be integrated.
public struct ObservablePair: Sendable, Hashable {
  /// The observable of the first axis.
  public let first: Observable
  /// The observable of the second axis.
  public let second: Observable
  /// Binding energy E_b in GeV of a nucleon in ``Observable/quasielasticEnergy``; nil for other pairs.
  public let bindingEnergy: Double?

  /// Pairs an energy-like observable with an angle-like one, (p_T, p_∥), two of ω, q₃ and Q², or E_l or p_l with q₃ or Q²;
  /// throws for other pairs, which do not determine the lepton.
  ///
  /// - Parameters:
  ///   - first: the observable of the first axis.
  ///   - second: the observable of the second axis.
  ///   - bindingEnergy: E_b in GeV for pairs with the quasi-elastic energy, for which nil stands for
  ///     ``QuasielasticEnergy/defaultBindingEnergy``.
  ///   - location: where it stands in a file, for errors.
  public init(
    _ first: Observable, _ second: Observable, bindingEnergy: Double? = nil, at location: SourceLocation? = nil
  ) throws {
    let energyLike: Set<Observable> = [.leptonEnergy, .leptonMomentum, .quasielasticEnergy]
    let angleLike: Set<Observable> = [.cosTheta, .theta]
    let isPolar = energyLike.contains(first) && angleLike.contains(second)
    guard
      isPolar || (first, second) == (.transverseMomentum, .longitudinalMomentum) || Self.isTransfer(first, second)
    else {
      throw NuTuneError(
        .badData, at: location, key: "binning", found: "the pair (\(first.rawValue), \(second.rawValue))",
        expected:
          "(lepton_energy, lepton_momentum or quasielastic_energy, cos_theta or theta), (transverse_momentum, "
          + "longitudinal_momentum), (energy_transfer, q2), (momentum_transfer, energy_transfer or q2) or "
          + "(lepton_energy or lepton_momentum, momentum_transfer or q2)")
    }
    self.first = first
    self.second = second
    self.bindingEnergy =
      first == .quasielasticEnergy ? bindingEnergy ?? QuasielasticEnergy.defaultBindingEnergy : nil
  }

  /// Computes the values of the pair for a lepton; not a number for observables that depend on the neutrino.
  public func values(leptonEnergy: Double, cosTheta: Double, leptonMass: Double) -> (first: Double, second: Double) {
    func value(_ observable: Observable) -> Double {
      let momentum = Kinematics.leptonMomentum(energy: leptonEnergy, mass: leptonMass)
      switch observable {
      case .leptonEnergy: return leptonEnergy
      case .leptonMomentum: return momentum
      case .cosTheta: return cosTheta
      case .theta: return acos(min(max(cosTheta, -1), 1)) * 180 / Double.pi
      case .transverseMomentum: return momentum * max(1 - cosTheta * cosTheta, 0).squareRoot()
      case .longitudinalMomentum: return momentum * cosTheta
      case .quasielasticEnergy, .energyTransfer, .momentumTransfer, .q2, .hadronicEnergy, .reconstructedEnergy:
        return .nan
      }
    }
    return (value(first), value(second))
  }

  /// Computes the lepton at a value of a pair that does not depend on the neutrino, with |∂(E_l, cosθ)/∂(first, second)|.
  public func lepton(
    first u: Double, second v: Double, leptonMass: Double
  ) -> (energy: Double, cosTheta: Double, jacobian: Double) {
    if first == .transverseMomentum {
      let momentum = (u * u + v * v).squareRoot()
      let energy = (momentum * momentum + leptonMass * leptonMass).squareRoot()
      guard momentum > 0 else { return (energy, 1, 0) }
      // dE_l dcosθ = (p/E) · (p_T/p²) dp_T dp_∥
      return (energy, v / momentum, u / (momentum * energy))
    }
    let energy = first == .leptonEnergy ? u : (u * u + leptonMass * leptonMass).squareRoot()
    let energyJacobian = first == .leptonEnergy ? 1 : u / energy
    guard second == .theta else { return (energy, v, energyJacobian) }
    let radians = v * Double.pi / 180
    return (energy, cos(radians), energyJacobian * sin(radians) * Double.pi / 180)
  }
}
