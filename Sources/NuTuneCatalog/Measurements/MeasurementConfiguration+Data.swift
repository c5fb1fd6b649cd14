import NuTuneAnalysis
import NuTuneCore
import NuTuneNumerics

extension MeasurementConfiguration {
  /// Its values integrated over the bins, with their covariance, in 10⁻³⁸ cm² per nucleon; independent errors where no
  /// covariance was published.
  var observation: Observation {
    let bins = coveredBins
    let factors = bins.map { measurement.bins[$0].area * measurement.unit.factor / 1e-38 }
    func integrated(_ matrix: Matrix) -> Matrix {
      var result = Matrix(rows: bins.count, columns: bins.count)
      for (i, row) in bins.enumerated() {
        for (j, column) in bins.enumerated() { result[i, j] = matrix[row, column] * factors[i] * factors[j] }
      }
      return result
    }
    var covariance = Matrix(rows: factors.count, columns: factors.count)
    for i in factors.indices {
      let error = measurement.errors[bins[i]]
      covariance[i, i] = error * error * factors[i] * factors[i]
    }
    if let published = measurement.covariance { covariance = integrated(published) }
    var smearing = self.smearing
    if let matrix = smearing {
      for i in bins.indices { for j in bins.indices { smearing?[i, j] = matrix[i, j] * factors[i] / factors[j] } }
    }
    return .measured(
      values: zip(bins, factors).map { measurement.values[$0] * $1 }, covariance: covariance,
      multiplicative: CovarianceReading.multiplicative(components).map(integrated), smearing: smearing,
      threshold: threshold)
  }

  /// The flux uncertainty of its values of which the largest components are fitted; nil where none is published, or none is
  /// asked for.
  ///
  /// - Parameters:
  ///   - beam: name of the flux; measurements with the same name share pulls.
  ///   - count: how many components at most.
  func fluxUncertainty(of beam: String, count: Int) throws -> FluxUncertainty? {
    let parts = components.filter { $0.kind == .flux }.map(\.matrix)
    guard count > 0, var flux = parts.first else { return nil }
    for part in parts.dropFirst() {
      for i in 0..<flux.rows { for j in 0..<flux.columns { flux[i, j] += part[i, j] } }
    }
    let bins = coveredBins
    let relative = FluxComponents.relative(flux.selecting(bins), to: bins.map { measurement.values[$0] })
    let components = try FluxComponents(relative: relative, count: count)
    return components.changes.isEmpty ? nil : FluxUncertainty(of: beam, relative: relative, count: count)
  }
}
