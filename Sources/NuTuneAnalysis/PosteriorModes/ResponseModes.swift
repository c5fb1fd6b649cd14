import NuTuneCore
import NuTuneFolding
import NuTuneNumerics

/// The directions of the posterior of a fitted hadronic response as far data see them: weights of the model and numbers of
/// far detectors move together, see ``ResponsePosterior``.
struct ResponseModes {
  /// The posterior near data left.
  let posterior: ResponsePosterior
  /// F B of every group of weights, their posterior at given numbers, shape [groups][weights × weights].
  let conditionalFactors: [Matrix]
  /// Changes of the weights along each direction, shape [groups][weights × directions].
  let weightChanges: [Matrix]
  /// Changes of the far responses by the numbers alone along each direction, shape [directions][far samples]; nil for a sample
  /// whose detector has none of them.
  let responseChanges: [[CellResponse?]]

  /// The directions of a tuned model; nil where no response was fitted with it, or where no far detector measures with it and
  /// all weights are in one group, whose covariance is marginal over it.
  ///
  /// - Parameters:
  ///   - model: the tuned model.
  ///   - mean: its rates at the most probable weights and numbers.
  init?(of model: any GaussianModel, mean: ModelResponses) throws {
    guard let posterior = model.responsePosterior else { return nil }
    let groups = model.weightGroups
    let changes = try mean.responseChanges(of: model, along: posterior)
    guard groups.count > 1 || changes.contains(where: { $0.contains { $0 != nil } }) else { return nil }
    self.posterior = posterior
    responseChanges = changes
    conditionalFactors = try groups.enumerated().map { try posterior.conditionalFactor(of: $0, $1.factor) }
    weightChanges = try groups.enumerated().map { try posterior.weightChanges(of: $0, $1.factor) }
  }
}

extension ModelResponses {
  /// Changes of the far responses along the directions of the posterior of fitted numbers, with the weights held; shape
  /// [directions][far samples], nil for a sample whose detector has none of them.
  ///
  /// Of each number the derivative is the mean slope over a standard deviation to either side, within its range.
  fileprivate func responseChanges(of model: any StructureFunctionModel, along posterior: ResponsePosterior) throws
    -> [[CellResponse?]]
  {
    let slopes = try posterior.names.enumerated().map { row, name in
      let width = posterior.numbers.row(row).reduce(0) { $0 + $1 * $1 }.squareRoot()
      return try farSlopes(of: model, with: name, step: width)
    }
    return (0..<posterior.count).map { direction in
      folded.far.indices.map { sample in
        let parts = slopes.enumerated().compactMap { row, slopes in
          slopes[sample].map { (response: $0, share: posterior.numbers[row, direction]) }
        }
        return parts.isEmpty ? nil : CellResponse.sum(of: parts)
      }
    }
  }

  /// Derivatives of the far responses with respect to a number of the hadronic response; nil for a sample that does not
  /// follow it.
  ///
  /// - Parameters:
  ///   - name: the number.
  ///   - step: half the distance over which the mean slope is taken, in its unit; above zero.
  private func farSlopes(of model: any StructureFunctionModel, with name: String, step: Double) throws
    -> [CellResponse?]
  {
    let followers = folded.far.indices.filter {
      folded.far[$0].hadronic?.isCertain == false
        && folded.far[$0].hadronicDetector?.hadronicParameters[name] != nil
    }
    var slopes = [CellResponse?](repeating: nil, count: folded.far.count)
    guard !followers.isEmpty, step > 0 else { return slopes }
    let sides = try [step, -step].map { step in
      var moved = folded.keepingNear { _ in false }
      moved.far = followers.map { folded.far[$0] }
      moved = try moved.movingHadronicNumbers(by: [name: step])
      return (
        values: moved.far.map { $0.hadronicDetector?.hadronicParameters[name] ?? 0 },
        far: try ModelResponses(of: model, in: moved).far
      )
    }
    for (place, sample) in followers.enumerated() {
      let distance = sides[0].values[place] - sides[1].values[place]
      slopes[sample] = sides[0].far[place].difference(from: sides[1].far[place], times: 1 / distance)
    }
    return slopes
  }
}
