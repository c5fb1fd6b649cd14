import NuTuneCore
import NuTuneNumerics

/// A reference fold: one bin's rate by GSL's adaptive quadrature (CQUAD) in all three variables, E_ν innermost. Slow,
/// and independent of cells, nodes, panels and plans.
public struct AdaptiveFold: Sendable {
  /// The cross section.
  public let model: any CrossSectionModel
  /// The reaction.
  public let reaction: Reaction
  /// The bins.
  public let binning: Binning

  /// Creates a reference fold.
  public init(model: any CrossSectionModel, reaction: Reaction, binning: Binning) {
    self.model = model
    self.reaction = reaction
    self.binning = binning
  }

  /// Computes ∫dE_ν weight(E_ν) ∫_bin dE_l dcosθ d²σ.
  ///
  /// - Parameters:
  ///   - bin: flat index of the bin.
  ///   - knots: energies in GeV between which the weight is smooth; the first and last bound the integral.
  ///   - acceptance: share of leptons that are accepted, as a function of the two observables of the binning; a further
  ///     factor.
  ///   - weight: flux × oscillation at an energy in GeV.
  ///   - relativeTolerance: relative tolerance of the whole integral; the two inner integrals get a tenth and a
  ///     hundredth of it.
  public func rate(
    bin: Int, knots: [Double], relativeTolerance: Double = 1e-5,
    acceptance: (_ first: Double, _ second: Double) -> Double = { _, _ in 1 }, weight: (Double) throws -> Double
  ) throws -> Double {
    let observables = try binning.observables
    guard !observables.needsNeutrinoEnergy, observables.bindingEnergy == nil else {
      throw NuTuneError(
        .badData, key: "binning", found: "bins in (\(observables.first.rawValue), \(observables.second.rawValue))",
        expected: "bins of leptons, which are what the reference fold integrates")
    }
    let mass = reaction.species.leptonMass
    let (first, second) = binning.ranges(of: bin)
    let bounds = (knots[0], knots[knots.count - 1])
    // Integrals that are this small compared with the largest seen so far need no relative accuracy.
    var largest = (0.0, 0.0)

    func averaged(_ first: Double, _ second: Double) throws -> Double {
      let lepton = observables.lepton(first: first, second: second, leptonMass: mass)
      let share = acceptance(first, second)
      guard share > 1e-12, lepton.jacobian > 0, lepton.energy < bounds.1 else { return 0 }
      let start = max(lepton.energy, bounds.0)
      let inner = [start] + peak(lepton.energy, lepton.cosTheta) + knots
      let sorted = Set(inner.filter { start <= $0 && $0 <= bounds.1 }).sorted()
      let value = try zip(sorted, sorted.dropFirst()).reduce(0) { sum, piece in
        guard piece.1 - piece.0 > 1e-9 else { return sum }
        return try sum
          + Quadrature.adaptive(
            over: piece.0...piece.1, absoluteTolerance: 1e-3 * relativeTolerance * largest.0,
            relativeTolerance: relativeTolerance / 100
          ) { energy in
            let point = KinematicPoints(
              neutrinoEnergy: [energy], leptonEnergy: [lepton.energy], cosTheta: [lepton.cosTheta])
            return try weight(energy) * model.crossSection(of: reaction, at: point)[0]
          }.value
      }
      largest.0 = max(largest.0, value)
      return value * lepton.jacobian * share
    }

    func alongSecond(_ first: Double) throws -> Double {
      let value = try Quadrature.adaptive(
        over: second, absoluteTolerance: 1e-2 * relativeTolerance * largest.1, relativeTolerance: relativeTolerance / 10
      ) { try averaged(first, $0) }.value
      largest.1 = max(largest.1, value)
      return value
    }

    let edges = pieces(of: first, isEnergy: observables.first == .leptonEnergy, knots: knots)
    return try zip(edges, edges.dropFirst()).reduce(0) { sum, piece in
      try sum
        + Quadrature.adaptive(
          over: piece.0...piece.1, absoluteTolerance: relativeTolerance * abs(sum),
          relativeTolerance: relativeTolerance, alongSecond
        ).value
    }
  }

  /// Returns a bin's range of energy or momentum, divided where the rate of a lepton starts, at threshold, and where it has
  /// kinks, at the lepton energies where the weight ends; empty if no lepton reaches the bin.
  private func pieces(of range: ClosedRange<Double>, isEnergy: Bool, knots: [Double]) -> [Double] {
    let mass = reaction.species.leptonMass
    func reach(_ energy: Double) -> Double {
      isEnergy ? energy : Kinematics.leptonMomentum(energy: max(energy, mass), mass: mass)
    }
    let low = isEnergy ? max(range.lowerBound, mass) : range.lowerBound
    let high = min(range.upperBound, reach(knots[knots.count - 1]))
    guard low < high else { return [] }
    return ([low, high] + knots.map(reach).filter { low < $0 && $0 < high }).sorted()
  }

  /// Returns neutrino energies in GeV around the quasi-elastic one, E_l/(1 − (E_l − p_l cosθ)/M) for a light lepton.
  private func peak(_ energy: Double, _ cosTheta: Double) -> [Double] {
    let momentum = Kinematics.leptonMomentum(energy: energy, mass: reaction.species.leptonMass)
    let share = 1 - (energy - momentum * cosTheta) / PhysicalConstants.nucleonMass
    guard share > 0.05 else { return [] }
    let middle = energy / share
    return [-0.3, -0.1, 0, 0.1, 0.3].map { middle + $0 }
  }
}
