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
    switch dataset.statistic {
    case .shape: return nil
    case .poisson:
      return try naming {
        try PoissonTerm(counts: data.contents, normalization: try unit() * exposure, sample: sample.name)
      }
    case .gaussian, .normShape, .predictionScaled, .logNormal:
      return try naming { try MeasuredVector([self]).term(comparedWith: [data], unit: unit) }
    }
  }

  /// Does something, and says of data that cannot be compared whose they are.
  func naming<Value>(_ body: () throws -> Value) throws -> Value {
    do {
      return try body()
    } catch let error as TermError {
      throw NuTuneError(
        .badData, at: dataset.place, key: sample.name, found: "\(error)",
        expected: "finite data, whose covariance is positive definite")
    }
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
