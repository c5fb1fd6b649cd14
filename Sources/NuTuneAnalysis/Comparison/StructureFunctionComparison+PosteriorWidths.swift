import NuTuneCore
import NuTuneNumerics
import NuTuneResults

extension StructureFunctionComparison {
  /// Points of a neutrino sign and target at which widths are compared.
  private static let widthPoints = 256
  /// Weights whose basis functions are held at a time.
  private static let widthBatch = 64

  /// Posterior over prior standard deviation of W₁…W₅ for each neutrino sign that a model has learned, and for each target
  /// where near data are of several, by ``LearnedNucleus/name``; nil for a model whose weights had no prior of unit
  /// variance.
  ///
  /// Both widths are those of functions that are linear in the weights around the most probable ones, √(φᵀFFᵀφ) and
  /// √(φᵀφ) with φ = ∂W/∂η. Their ratio is averaged over points drawn in proportion to their share of the true near rate,
  /// the mean over the near channels of the sign and target, so that models of a study share the points. Points where a
  /// function has no width do not count for it.
  func posteriorWidths(of model: any StructureFunctionModel) throws -> [String: PosteriorWidths]? {
    guard let model = model as? any GaussianModel else { return nil }
    let groups = model.weightGroups
    guard !groups.isEmpty, groups.allSatisfy(\.hasUnitPrior) else { return nil }
    var widths: [String: PosteriorWidths] = [:]
    for nucleus in LearnedNucleus.all(of: folded.near.map(\.sample.reaction)) {
      guard let nearShares = nearShares[nucleus],
        let first = folded.near.first(where: { nucleus.serves($0.sample.reaction) })
      else { continue }
      let (points, shares) = representatives(of: nearShares)
      guard let variances = try variances(of: model, first.sample.reaction, at: points) else { continue }
      widths[nucleus.name] = PosteriorWidths(
        zip(variances.posterior, variances.prior).map { Self.meanRatio($0, $1, shares) })
    }
    return widths.isEmpty ? nil : widths
  }

  /// Nodes at equal steps of the cumulated shares, each once, with the number of steps that end there.
  private func representatives(of shares: [Double]) -> (points: InvariantPoints, shares: [Double]) {
    let all = folded.grid.invariants()
    let total = shares.reduce(0, +)
    var (points, counts) = (InvariantPoints(omega: [], q2: []), [Double]())
    var (sum, taken) = (0.0, 0)
    for (node, share) in shares.enumerated() {
      sum += share
      let reached = min(Int((sum / total * Double(Self.widthPoints) + 0.5).rounded(.down)), Self.widthPoints)
      guard reached > taken else { continue }
      if all.omega[node] > 0, all.q2[node] > 0 {
        points.omega.append(all.omega[node])
        points.q2.append(all.q2[node])
        counts.append(Double(reached - taken))
      }
      taken = reached
    }
    return (points, counts)
  }

  /// Posterior and prior variances of W₁…W₅, shape [5][points] each; nil when no weights belong to the reaction.
  private func variances(of model: any GaussianModel, _ reaction: Reaction, at points: InvariantPoints) throws
    -> (posterior: [[Double]], prior: [[Double]])?
  {
    let zeros = [[Double]](repeating: [Double](repeating: 0, count: points.count), count: 5)
    var (posterior, prior, isKnown) = (zeros, zeros, false)
    for (index, group) in model.weightGroups.enumerated() {
      var slopes = [Matrix](repeating: Matrix(rows: points.count, columns: group.count), count: 5)
      var belongs = false
      for start in stride(from: 0, to: group.count, by: Self.widthBatch) {
        let range = start..<min(start + Self.widthBatch, group.count)
        guard let basis = try model.basis(ofGroup: index, weights: range, reaction: reaction, at: points) else { break }
        belongs = true
        for (function, weight) in zip(basis, range) {
          for k in 0..<5 { for i in 0..<points.count { slopes[k][i, weight] = function.w[k][i] } }
        }
      }
      guard belongs else { continue }
      isKnown = true
      for k in 0..<5 {
        let spread = try slopes[k].multiplied(by: group.factor)
        for i in 0..<points.count {
          posterior[k][i] += spread.row(i).reduce(0) { $0 + $1 * $1 }
          prior[k][i] += slopes[k].row(i).reduce(0) { $0 + $1 * $1 }
        }
      }
    }
    return isKnown ? (posterior, prior) : nil
  }

  /// Weighted mean of the ratio of two standard deviations where the second is not zero; nil where it always is.
  private static func meanRatio(_ posterior: [Double], _ prior: [Double], _ shares: [Double]) -> Double? {
    var (sum, total) = (0.0, 0.0)
    for (i, share) in shares.enumerated() where prior[i] > 0 {
      sum += share * (posterior[i] / prior[i]).squareRoot()
      total += share
    }
    return total > 0 ? sum / total : nil
  }
}
