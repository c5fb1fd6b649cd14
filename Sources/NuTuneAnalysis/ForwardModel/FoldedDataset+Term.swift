import NuTuneCore
import NuTuneFolding
import NuTuneNumerics

extension FoldedDataset {
  /// The term of a likelihood that compares rates with data of this dataset; nil for the shape of counts, which a sample
  /// compares by itself.
  ///
  /// - Parameters:
  ///   - data: the contents of its bins.
  ///   - unit: events for a rate of one and an exposure of one.
  func term(comparedWith data: SampleData, unit: @autoclosure () throws -> Double) throws -> (any LikelihoodTerm)? {
    do {
      return try madeTerm(comparedWith: data, unit: unit)
    } catch let error as TermError {
      throw NuTuneError(
        .badData, at: dataset.place, key: sample.name, found: "\(error)",
        expected: "finite data, whose covariance is positive definite")
    }
  }

  private func madeTerm(comparedWith data: SampleData, unit: () throws -> Double) throws -> (any LikelihoodTerm)? {
    switch dataset.statistic {
    case .shape: return nil
    case .poisson:
      return try PoissonTerm(
        counts: data.contents, normalization: try unit() * exposure, sample: sample.name)
    case .gaussian, .normShape, .predictionScaled, .logNormal:
      let (covariance, flux) = (dataset.observation.covariance, dataset.fluxComponents)
      return try measuredTerm(
        dataset.statistic,
        try MeasuredValues(
          values: data.contents, covariance: flux?.removed(from: covariance, of: data.contents) ?? covariance,
          normalization: try dataset.observation.isMeasured ? 1 / fluxIntegral() : unit() * exposure,
          threshold: dataset.observation.threshold, sample: sample.name))
    }
  }

  /// The term of measured values for a statistic, with the smearing of the measurement.
  private func measuredTerm(_ statistic: Statistic, _ measured: MeasuredValues) throws -> any ResidualTerm {
    let flux = dataset.fluxComponents
    let multiplicative = dataset.observation.multiplicative.map { flux?.removed(from: $0, of: measured.values) ?? $0 }
    let statistical: any ResidualTerm =
      switch statistic {
      case .normShape: try NormShapeTerm(measured)
      case .predictionScaled: try PredictionScaledTerm(measured, multiplicative: multiplicative)
      case .logNormal: try LogNormalTerm(measured)
      case .shape, .poisson, .gaussian: try GaussianTerm(measured)
      }
    let term = try flux.map { try FluxComponentTerm(statistical, components: try Matrix($0.changes)) } ?? statistical
    return try dataset.observation.smearing.map { try SmearedTerm(term, smearing: $0) } ?? term
  }

  /// Rates as the data are: smeared where the measurement asks for it. Shape [bins].
  func comparable(_ rates: [Double]) -> [Double] {
    dataset.observation.smearing.map { SmearedTerm.smeared(rates, by: $0) } ?? rates
  }

  /// Standard deviations of the probabilities of measured values, shape [bins]; nil for counts.
  func errors(of data: SampleData) -> [Double]? {
    let covariance = dataset.observation.covariance
    guard covariance.rows > 0 else { return nil }
    let total = data.contents.reduce(0, +)
    return covariance.diagonal.map { max($0, 0).squareRoot() / total }
  }

  /// ∫Φ dE of the detected species over the whole flux, in the unit of the flux times GeV: what a measured cross section
  /// is an average over.
  func fluxIntegral() throws -> Double {
    let knots = Set(dataset.flux.breakpoints).sorted()
    guard knots.count > 1 else {
      throw NuTuneError(
        .badData, at: place, key: sample.name, found: "a flux that does not say where it begins and ends",
        expected: "one that does, because a measured cross section is divided by its integral")
    }
    // A flux is smooth between breakpoints, which may lie far apart.
    let cells = EnergyCells.standard(over: knots[0]...knots[knots.count - 1], breakpoints: knots)
    let averaging = try cells.averaging(breakpoints: knots)
    let means = averaging.means(of: try dataset.flux.density(of: dataset.species, at: averaging.energies))
    return means.indices.reduce(0) { $0 + means[$1] * (cells.edges[$1 + 1] - cells.edges[$1]) }
  }
}

extension Observation {
  /// Whether it is a cross section that was measured.
  var isMeasured: Bool {
    if case .measured = self { return true }
    return false
  }

  /// The part of the covariance that is a fraction of the values; nil where none is known.
  var multiplicative: Matrix? {
    if case .measured(_, _, let multiplicative, _, _) = self { return multiplicative }
    return nil
  }

  /// The matrix by which a prediction is multiplied before it is compared; nil for none.
  var smearing: Matrix? {
    if case .measured(_, _, _, let smearing, _) = self { return smearing }
    return nil
  }

  /// Smallest eigenvalue of a correlation matrix that counts, relative to the largest.
  var threshold: Double {
    if case .measured(_, _, _, _, let threshold) = self { return threshold }
    return CovarianceWhitening.standardThreshold
  }

  /// Covariance of the contents; empty for counts.
  var covariance: Matrix {
    switch self {
    case .simulated, .events(_, nil): return Matrix(rows: 0, columns: 0)
    case .measured(_, let covariance, _, _, _): return covariance
    case .events(_, .some(let variances)):
      var matrix = Matrix(rows: variances.count, columns: variances.count)
      for (bin, variance) in variances.enumerated() { matrix[bin, bin] = variance }
      return matrix
    }
  }
}
