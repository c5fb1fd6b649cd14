import NuTuneCore
import NuTuneFolding

extension ForwardModel {
  /// A probability that interpolation between nodes misses by more is warned about.
  private static let largestInterpolationError = 5e-3

  /// Says so when nodes lie too far apart for the hadronic resolution of a detector; nil when they do not.
  package var hadronicWarning: String? {
    let errors = (near + far).compactMap { sample in
      sample.hadronic.map { (name: sample.sample.name, error: $0.interpolationError(on: nodes)) }
    }
    guard let worst = errors.max(by: { $0.error < $1.error }), worst.error > Self.largestInterpolationError else {
      return nil
    }
    let error = (worst.error * 1e4).rounded() / 1e4
    return "interpolation between nodes misses probabilities of hadronic bins of \(worst.name) by up to \(error): the "
      + "resolution is finer than the nodes of the fold, which fold.nodes_w2 and fold.nodes_q2 bring closer"
  }

  /// The same model with other numbers of the hadronic responses, by the names of ``HadronicDetector/hadronicParameters``;
  /// samples without hadronic energy stay as they are.
  ///
  /// Tables and coefficients are shared: it costs the probabilities at the nodes.
  ///
  /// - Parameters:
  ///   - values: numbers by name.
  ///   - sites: the detectors that change.
  /// - Throws: `NuTuneError` for a name that a detector does not have, or a number that it refuses.
  package func settingHadronicParameters(
    _ values: [String: Double], at sites: Set<DetectorSite> = Set(DetectorSite.allCases)
  ) throws -> ForwardModel {
    func changed(_ sample: FoldedDataset) throws -> FoldedDataset {
      guard sample.hadronic != nil, sites.contains(sample.sample.site),
        let detector = sample.dataset.detector as? any HadronicDetector
      else { return sample }
      var copy = sample
      copy.dataset.detector = try detector.settingHadronicParameters(values)
      return try copy.samplingHadronicResponse(on: grid)
    }
    var model = self
    model.near = try near.map(changed)
    model.far = try far.map(changed)
    model.nearOperators = zip(model.near, nearOperators).map { $1.replacingHadronic(by: $0.hadronic) }
    return model
  }
}

extension FoldedDataset {
  /// The same dataset with the probabilities of its hadronic bins at the nodes of a grid, if it has such bins.
  ///
  /// - Parameters:
  ///   - grid: the nodes.
  ///   - known: datasets with which it shares equal probabilities, see ``samplingHadronicResponse(of:on:known:)``.
  func samplingHadronicResponse(on grid: NodeGrid, known: [FoldedDataset] = []) throws -> FoldedDataset {
    guard let axis = sample.binning.hadronic else { return self }
    guard let detector = dataset.detector as? any HadronicDetector else {
      throw NuTuneError(
        .badData, at: place, key: sample.name,
        found: "bins in \(axis.observable.rawValue) of a detector that does not measure it",
        expected: "a detector with a hadronic response, or bins of the lepton alone")
    }
    return try samplingHadronicResponse(of: detector, on: grid, known: known)
  }

  /// The same dataset with the hadronic response of another detector.
  ///
  /// - Parameters:
  ///   - detector: the detector.
  ///   - grid: the nodes.
  ///   - known: datasets with which it shares equal probabilities: those of bins of reconstructed energy take hundreds of
  ///     megabytes, and the components of far samples have them in common.
  func samplingHadronicResponse(of detector: any HadronicDetector, on grid: NodeGrid, known: [FoldedDataset])
    throws -> FoldedDataset
  {
    guard let axis = sample.binning.hadronic else { return self }
    var copy = self
    // What lies beyond edges that end is asked for as well, and left out.
    let ends = sample.binning.endsAtHadronicEdges
    let hasBelow = ends && axis.edges[0] > 0
    let asked =
      ends ? try Axis(axis.observable, edges: (hasBelow ? [0] : []) + axis.edges + [2 * axis.edges[axis.count]]) : axis
    let species = sample.reaction.species
    let all =
      sample.binning.dividesByReconstructedEnergy
      ? try HadronicProbabilities(
        asked, HadronicProbabilities.Reconstruction(sample.binning, species: species), grid: grid,
        response: { try detector.hadronicResponse(for: $0, of: species) })
      : try HadronicProbabilities(
        detector.hadronicResponse(for: asked, of: species), binCount: asked.count, grid: grid)
    let first = hasBelow ? 1 : 0
    let own = (ends ? all.keeping(first..<first + axis.count) : all).summing(sample.binning.hadronicRuns)
    copy.hadronic = known.lazy.compactMap(\.hadronic).first { $0 == own } ?? own
    copy.hadronicDetector = detector
    return copy
  }
}

extension FoldedDataset {
  /// Refuses a hadronic response that depends on Q² where points are integrated one by one, which know its ω alone.
  func requireHadronicEnergyAlone() throws {
    guard hadronic?.dependsOnQ2 ?? false else { return }
    throw NuTuneError(
      .badData, at: place, key: sample.name,
      found: "a hadronic response that depends on Q² with a model without structure functions",
      expected: "a response that depends on the energy transfer alone, or a model with structure functions")
  }
}
