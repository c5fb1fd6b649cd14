import Foundation
import NuTuneCore
import NuTuneNumerics

/// The most probable weights η of standard-normal prior given near data, by Newton steps with the expected information
/// (Fisher scoring) on
///
///     Φ(η) = ½ deviance(n, ν(η)) + ½ Σ η²      H = 1 + AᵀA      step = H⁻¹ [Aᵀ (n − ν)/√ν − η]
///
/// with A the whitened design of ``NearDesign`` at the current weights: H is positive definite everywhere, so every
/// step leads down, and it is halved until Φ falls. The search starts with few events and continues with more (10⁵,
/// 10⁷, all), since with many events the valley of Φ is narrow. The covariance is H⁻¹ at the end (Laplace's
/// approximation).
///
/// For values with a covariance the deviance is χ² = |r|², (n − ν)/√ν is −r, and the steps are those of Gauss and
/// Newton. Their minimum need not be the only one, so that such a search starts from several places (``run(starts:)``).
struct ModeSearch: Sendable {
  /// The outcome of a search.
  struct Outcome: Sendable {
    /// Number of steps in all.
    var steps: Int
    /// What each start of several led to.
    var starts: [SearchStart] = []
    /// Deviance of the data at the end.
    var deviance: Double
    /// Why the search did not converge; nil if it did.
    var trouble: String?
    /// Traces of the hat matrix, one for each sample.
    var effectiveParameters: [EffectiveParameters] = []
    /// ln of the evidence.
    var logEvidence = Double.nan
  }

  let design: NearDesign
  /// The bases of all nuclei at the nodes of the design.
  let basis: JointBasis
  /// η, shape [weights].
  var weights: [Double]
  var outcome = Outcome(steps: 0, deviance: .nan, trouble: nil)

  /// Twice the fall of Φ that a step predicts, below which the step is the last.
  private static let tolerance = 1e-6
  private static let maximumSteps = 300
  /// Largest number of weights, which a machine of a few GB searches in minutes: their covariance has 290 MB, of which four
  /// copies are needed at the end, and is made in 20 seconds on one core. Steps to fewer residuals than weights cost no more than
  /// the residuals do, but shapes with many bins and the errors of predictions pay for every weight.
  private static let mostWeights = 6000
  /// Numbers of events of the intermediate searches.
  static let stages = [1e5, 1e7]
  /// Largest change of g in a step to data whose numbers or covariance count: beyond, exp(g) is not its linear
  /// expansion.
  private static let longestStep = 1.5

  /// Searches for the most probable weights.
  ///
  /// - Parameters:
  ///   - design: near data.
  ///   - kernels: those that are added.
  ///   - spacing: distance of the points of a basis, in correlation lengths.
  ///   - start: a process tuned on the same nodes, from whose weights the search continues; nil starts from the prior.
  ///   - starts: largest number of places to start from where data are more than shapes.
  init(_ design: NearDesign, kernels: [Settings.Kernel], spacing: Double, start: LearnedProcess?, starts: Int) throws {
    self.design = design
    basis = try JointBasis(kernels, functions: design.functions, at: design.nodes, spacing: spacing)
    let count = basis.weightCount
    guard count <= Self.mostWeights else {
      let points = basis.bases[0].parts.map { "\($0.basis.t.count) × \($0.basis.u.count)" }.joined(separator: " + ")
      throw NuTuneError(
        .badData, key: "kernel.length_w2",
        found: "\(count) weights, \(design.functions.reduce(0, +)) functions on \(points) points",
        expected: "at most \(Self.mostWeights); longer correlation lengths or a wider kernel.spacing")
    }
    weights = [Double](repeating: 0, count: count)
    if let start, start.parts.elementsEqual(basis.bases, by: { $0.basis.hasSameWeights(as: $1) }) {
      weights = start.parts.flatMap(\.weights)
      try run(stages: [])
    } else if design.hasTerms {
      try run(starts: starts)
    } else {
      try run(stages: Self.stages)
    }
  }

  /// Computes g at the nodes, shape [nuclei][functions][nodes].
  func modulations() throws -> [[[Double]]] { try basis.modulations(of: weights) }

  /// Computes F with F Fᵀ = (1 + AᵀA)⁻¹ at the weights, upper triangular, and the effective number of parameters,
  /// sample by sample.
  ///
  /// - Parameter response: what response parameters do that were fitted with the weights; the covariance is then marginal
  ///   over them. Nil for none.
  func covariance(_ response: FittedResponse? = nil) throws -> Covariance {
    let (whitened, _) = try design.whitened(modulations: try modulations(), basis)
    let information = try Self.information(whitened)
    let factor = try information.inverseTransposedLower()
    let hat = try hatMatrix(whitened, factor, response)
    var (parameters, first): ([EffectiveParameters], Int) = ([], 0)
    for sample in design.samples {
      let bins = first..<first + sample.rowCount
      parameters.append(
        EffectiveParameters(
          trace: bins.reduce(0) { $0 + hat[$1, $1] },
          squareTrace: bins.reduce(0) { sum, bin in sum + hat.row(bin).reduce(0) { $0 + $1 * $1 } }))
      first = bins.upperBound
    }
    let marginal = try response?.marginal(whitened)
    return Covariance(
      factor: marginal?.factor ?? factor, response: marginal?.response, parameters: parameters,
      logEvidence: -objective - 0.5 * information.logDeterminant)
  }

  /// Computes the hat matrix of the whitened data, A H⁻¹ Aᵀ and what response parameters add; of fewer rows than weights as
  /// (1 + AAᵀ)⁻¹ AAᵀ.
  private func hatMatrix(_ whitened: Matrix, _ factor: Matrix, _ response: FittedResponse?) throws -> Matrix {
    var hat: Matrix
    if whitened.rows < whitened.columns {
      hat = try Self.information(whitened, ofRows: true).solve(try whitened.rowGram())
    } else {
      hat = try whitened.multiplied(by: factor).rowGram()
    }
    guard let response else { return hat }
    let added = try response.changes.rowGram()
    for i in 0..<hat.rows { for j in 0..<hat.columns { hat[i, j] += added[i, j] } }
    return hat
  }

  /// The posterior of the weights at the end of a search.
  struct Covariance {
    let factor: Matrix
    /// What response parameters that were fitted with the weights do to them; nil where none were.
    let response: ProcessResponse?
    /// Traces of the hat matrix over the bins or residuals of each sample.
    let parameters: [EffectiveParameters]
    /// ln of the evidence by Laplace's approximation, relative to a model that reproduces the data.
    let logEvidence: Double
  }

  /// Φ at the end of a search.
  var objective: Double { 0.5 * (outcome.deviance + weights.reduce(0) { $0 + $1 * $1 }) }

  /// Computes ln of the evidence by Laplace's approximation, from whichever of 1 + AᵀA and 1 + AAᵀ is smaller: their
  /// determinants are the same.
  func logEvidence() throws -> Double {
    let (whitened, _) = try design.whitened(modulations: try modulations(), basis)
    let information = try Self.information(whitened, ofRows: whitened.rows < whitened.columns)
    return -objective - 0.5 * information.logDeterminant
  }

  /// Decomposes 1 + AᵀA, or 1 + AAᵀ of the rows.
  static func information(_ design: Matrix, ofRows: Bool = false) throws -> Cholesky {
    var information = try ofRows ? design.rowGram() : design.gram()
    for i in 0..<information.rows { information[i, i] += 1 }
    return try Cholesky(information)
  }

  mutating func run(stages: [Double]) throws {
    let most = design.samples.map(\.events).max() ?? 0
    for events in stages where events < 0.3 * most {
      try descend(design.counting(atMost: events), tolerance: 1)
    }
    try descend(design, tolerance: Self.tolerance)
    outcome.deviance = 2 * (try objective(design, weights) - 0.5 * weights.reduce(0) { $0 + $1 * $1 })
  }

  mutating func descend(_ design: NearDesign, tolerance: Double) throws {
    var value = try objective(design, weights)
    guard value.isFinite else {
      throw NuTuneError(
        .runtime, key: "prior", found: "a near-detector rate that is not positive", expected: "a positive, finite rate")
    }
    while true {
      outcome.steps += 1
      let (whitened, pulls) = try design.whitened(modulations: try modulations(), basis)
      let slope = zip(try whitened.transposeMultiplied(by: pulls), weights).map { $0 - $1 }
      let step = try step(whitened, pulls, slope)
      let decrement = zip(slope, step).reduce(0) { $0 + $1.0 * $1.1 }
      guard let (length, found) = try shortened(step, design, from: value, decrement: decrement) else {
        // If rounding is larger than the predicted fall, this is the minimum.
        if decrement > 1e-3 { outcome.trouble = "no lower point along a Newton step that promises \(decrement)" }
        return
      }
      weights = zip(weights, step).map { $0 + length * $1 }
      value = found
      if decrement < tolerance { return }
      guard outcome.steps < Self.maximumSteps else {
        outcome.trouble = "not at the most probable weights after \(outcome.steps) steps"
        return
      }
    }
  }

  /// Computes the Newton step H⁻¹ slope; of fewer residuals than weights by Woodbury's identity as
  /// Aᵀ (1 + AAᵀ)⁻¹ (pulls + Aη) − η, from a matrix of the size of the residuals.
  private func step(_ whitened: Matrix, _ pulls: [Double], _ slope: [Double]) throws -> [Double] {
    guard design.hasTerms, whitened.rows < whitened.columns else { return try Self.information(whitened).solve(slope) }
    let linear = zip(pulls, try whitened.multiplied(by: weights)).map { $0 + $1 }
    let combination = try Self.information(whitened, ofRows: true).solve(linear)
    return zip(try whitened.transposeMultiplied(by: combination), weights).map { $0 - $1 }
  }

  /// The fraction of a step that is tried first.
  private func firstFraction(of step: [Double]) throws -> Double {
    guard design.hasTerms else { return 1 }
    let change = try basis.modulations(of: step).joined().joined().reduce(0) { max($0, abs($1)) }
    return min(1, Self.longestStep / max(change, 1e-300))
  }

  /// Returns the fraction of the step at which Φ falls by a fair share of the fall that its slope predicts.
  private func shortened(_ step: [Double], _ design: NearDesign, from value: Double, decrement: Double) throws
    -> (length: Double, value: Double)?
  {
    var length = try firstFraction(of: step)
    for _ in 0..<30 {
      let found = try objective(design, zip(weights, step).map { $0 + length * $1 })
      if found.isFinite, found <= value - 1e-4 * length * decrement + 1e-13 * (1 + abs(value)) {
        return (length, found)
      }
      length *= 0.5
    }
    return nil
  }

  /// Computes Φ.
  private func objective(_ design: NearDesign, _ weights: [Double]) throws -> Double {
    let modulations = try basis.modulations(of: weights)
    var sum = 0.5 * weights.reduce(0) { $0 + $1 * $1 }
    for sample in design.samples {
      if let term = sample.term {
        sum += design.misfit(sample, term, modulations: modulations)
        continue
      }
      for (count, expected) in zip(sample.counts, design.expected(sample, modulations: modulations)) {
        guard expected > 0 else { return .infinity }
        let excess = (expected - count) / count
        // n ln(n/ν) − n + ν, of second order in the excess.
        sum +=
          count <= 0
          ? expected
          : abs(excess) < 1e-4
            ? count * excess * excess * (0.5 - excess / 3) : count * log(count / expected) - count + expected
      }
    }
    return sum
  }

  /// Computes ln of the evidence of other kernels, which are added, for the data, by a model that is linear in g around the current one,
  /// up to a constant: pseudo-data (n − ν)/√ν + A g with unit variance.
  func logEvidence(
    of kernels: [Settings.Kernel], spacing: Double, around modulations: [[[Double]]], pseudoData: [Double]
  ) throws -> Double {
    let basis = try JointBasis(kernels, functions: design.functions, at: design.nodes, spacing: spacing)
    let (whitened, _) = try design.whitened(modulations: modulations, basis)
    if design.hasTerms, whitened.rows < whitened.columns {
      let information = try Self.information(whitened, ofRows: true)
      let chiSquare = zip(pseudoData, try information.solve(pseudoData)).reduce(0) { $0 + $1.0 * $1.1 }
      return -0.5 * (chiSquare + information.logDeterminant + Double(pseudoData.count) * log(2 * Double.pi))
    }
    return try WeightPosterior(
      design: whitened, residual: pseudoData, variance: [Double](repeating: 1, count: pseudoData.count)
    ).logEvidence
  }

  /// Computes the pseudo-data of ``logEvidence(of:spacing:around:pseudoData:)``.
  func pseudoData() throws -> (modulations: [[[Double]]], data: [Double]) {
    let modulations = try modulations()
    let (whitened, pulls) = try design.whitened(modulations: modulations, basis)
    // g is linear in the weights, so that A η is the whitened change along g itself.
    return (modulations, zip(pulls, try whitened.multiplied(by: weights)).map { $0 + $1 })
  }
}
