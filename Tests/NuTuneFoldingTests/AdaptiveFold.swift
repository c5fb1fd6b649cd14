import NuTuneCore
import NuTuneFolding
import NuTuneNumerics

/// A reference fold: one bin's rate by adaptive quadrature in all three variables, GSL's CQUAD over the lepton and, innermost,
/// Gauss–Legendre rules over E_ν on pieces that are halved until two rules agree. Independent of cells, nodes, panels and
/// plans.
struct AdaptiveFold: Sendable {
  /// The cross section.
  let model: any CrossSectionModel
  /// The reaction.
  let reaction: Reaction
  /// The bins.
  let binning: Binning
  /// The rules over a piece in E_ν: the first says how far off the second is at most.
  private let rules: [GaussLegendre]

  /// Creates a reference fold.
  init(model: any CrossSectionModel, reaction: Reaction, binning: Binning) throws {
    self.model = model
    self.reaction = reaction
    self.binning = binning
    rules = try [8, 12].map { try GaussLegendre(points: $0) }
  }

  /// Computes ∫dE_ν weight(E_ν) ∫_bin dE_l dcosθ d²σ.
  ///
  /// - Parameters:
  ///   - bin: flat index of the bin.
  ///   - knots: energies in GeV between which the weight is smooth; the first and last bound the integral.
  ///   - acceptance: share of leptons that are accepted, as a function of the two observables of the binning; a further
  ///     factor.
  ///   - weight: flux × oscillation at energies in GeV, shape [energies].
  ///   - relativeTolerance: relative tolerance of the whole integral; the two inner integrals get a tenth and a
  ///     hundredth of it.
  func rate(
    bin: Int, knots: [Double], relativeTolerance: Double,
    acceptance: (_ first: Double, _ second: Double) -> Double = { _, _ in 1 }, weight: ([Double]) throws -> [Double]
  ) throws -> Double {
    let observables = try binning.observables
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
      let value = try overEnergy(
        between: Set(inner.filter { start <= $0 && $0 <= bounds.1 }).sorted(),
        absoluteTolerance: 1e-3 * relativeTolerance * largest.0,
        relativeTolerance: relativeTolerance / 100
      ) { energies in
        let points = KinematicPoints(
          neutrinoEnergy: energies, leptonEnergy: energies.map { _ in lepton.energy },
          cosTheta: energies.map { _ in lepton.cosTheta })
        return zip(try weight(energies), try model.crossSection(of: reaction, at: points)).map { $0 * $1 }
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

  /// Integrates over all pieces between some edges, and halves those on which the two rules disagree.
  private func overEnergy(
    between edges: [Double], absoluteTolerance: Double, relativeTolerance: Double,
    _ function: ([Double]) throws -> [Double]
  ) throws -> Double {
    var pieces = zip(edges, edges.dropFirst()).filter { $1 - $0 > 1e-9 }.map { $0...$1 }
    var settled = 0.0
    for _ in 0..<40 where !pieces.isEmpty {
      let placed = pieces.flatMap { piece in rules.map { $0.rule(on: piece) } }
      let values = try function(placed.flatMap(\.nodes))
      var position = 0
      let integrals = placed.map { rule in
        defer { position += rule.weights.count }
        return rule.weights.indices.reduce(0) { $0 + rule.weights[$1] * values[position + $1] }
      }
      let fine = pieces.indices.map { integrals[2 * $0 + 1] }
      let allowed = max(absoluteTolerance, relativeTolerance * abs(fine.reduce(settled, +)))
      let isOpen = pieces.indices.map { abs(fine[$0] - integrals[2 * $0]) > allowed }
      for index in pieces.indices where !isOpen[index] { settled += fine[index] }
      pieces = pieces.indices.filter { isOpen[$0] }.flatMap { index in
        let (low, high) = (pieces[index].lowerBound, pieces[index].upperBound)
        return [low...(low + high) / 2, (low + high) / 2...high]
      }
    }
    guard pieces.isEmpty else {
      throw NuTuneError(
        .runtime, key: "integral over \(edges)", found: "pieces that do not settle (\(pieces.count))",
        expected: "two rules that agree to \(relativeTolerance)")
    }
    return settled
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
