import NuTuneCore
import NuTuneNumerics

/// The referee: one bin's rate by GSL's adaptive quadrature (CQUAD) in E_ν and in the first observable, with a high-order
/// Gauss–Legendre rule along the second. Slow and independent of cells, nodes and plans.
public struct AdaptiveFold: Sendable {
  /// The cross section.
  public let model: any CrossSectionModel
  /// The reaction.
  public let reaction: Reaction
  /// The bins.
  public let binning: Binning

  /// A referee.
  public init(model: any CrossSectionModel, reaction: Reaction, binning: Binning) {
    self.model = model
    self.reaction = reaction
    self.binning = binning
  }

  /// ∫dE_ν weight(E_ν) ∫_bin dE_l dcosθ d²σ.
  ///
  /// - Parameters:
  ///   - bin: flat index of the bin.
  ///   - knots: energies in GeV between which the weight is smooth; the first and last bound the integral.
  ///   - weight: flux × oscillation at an energy in GeV, of order one: pieces below 10⁻⁹ are not resolved.
  ///   - relativeTolerance: of the integral over each piece in E_ν.
  ///   - secondPoints: order of the rule along the second observable.
  public func rate(
    bin: Int, knots: [Double], relativeTolerance: Double = 1e-5, secondPoints: Int = 40,
    weight: (Double) throws -> Double
  ) throws -> Double {
    let observables = try binning.observables
    let mass = reaction.species.leptonMass
    let i = bin / binning.second.count
    let j = bin % binning.second.count
    let (low, high) = (binning.first.edges[i], binning.first.edges[i + 1])
    let rule = try GaussLegendre(points: secondPoints).rule(on: binning.second.edges[j]...binning.second.edges[j + 1])

    func alongSecond(_ neutrinoEnergy: Double, _ first: Double) throws -> Double {
      var points = KinematicPoints()
      var weights: [Double] = []
      for (node, ruleWeight) in zip(rule.nodes, rule.weights) {
        let lepton = observables.lepton(first: first, second: node, leptonMass: mass)
        points.append(neutrinoEnergy: neutrinoEnergy, leptonEnergy: lepton.energy, cosTheta: lepton.cosTheta)
        weights.append(ruleWeight * lepton.jacobian)
      }
      return zip(weights, try model.crossSection(of: reaction, at: points)).reduce(0) { $0 + $1.0 * $1.1 }
    }

    func alongFirst(_ neutrinoEnergy: Double) throws -> Double {
      let reach =
        observables.first == .leptonEnergy
        ? neutrinoEnergy : Kinematics.leptonMomentum(energy: neutrinoEnergy, mass: mass)
      let bottom = observables.first == .leptonEnergy ? max(low, mass) : low
      guard bottom < min(high, reach) else { return 0 }
      return try Quadrature.adaptive(
        over: bottom...min(high, reach), absoluteTolerance: 1e-9, relativeTolerance: relativeTolerance / 10
      ) { try alongSecond(neutrinoEnergy, $0) }.value
    }

    // The integrand starts where the bin opens and has a kink where it is fully open.
    let opening = [low, high].map { first in
      observables.lepton(first: first, second: binning.second.edges[j], leptonMass: mass).energy
    }
    let inner = Set(knots + opening).sorted().filter { knots[0] <= $0 && $0 <= knots[knots.count - 1] }
    return try zip(inner, inner.dropFirst()).reduce(0) { sum, piece in
      guard piece.1 > low, piece.1 - piece.0 > 1e-12 else { return sum }
      return try sum
        + Quadrature.adaptive(
          over: piece.0...piece.1, absoluteTolerance: 1e-9, relativeTolerance: relativeTolerance
        ) { energy in try weight(energy) * alongFirst(energy) }.value
    }
  }
}
