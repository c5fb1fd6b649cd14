import NuTuneCore

extension MeasurementConfiguration {
  /// The same measurement with some of its bins, under another name; the covariance is that of these bins whatever the
  /// others are.
  func selecting(_ bins: [Int], name: String) throws -> MeasurementConfiguration {
    var copy = self
    copy.name = name
    copy.measurement = try CrossSectionMeasurement(
      observables: measurement.observables, third: measurement.third, bins: bins.map { measurement.bins[$0] },
      unit: measurement.unit,
      values: bins.map { measurement.values[$0] }, errors: bins.map { measurement.errors[$0] },
      covariance: measurement.covariance?.selecting(bins), at: files.first.map { SourceLocation(file: $0) })
    copy.components = components.map { CovarianceComponent(kind: $0.kind, matrix: $0.matrix.selecting(bins)) }
    return copy
  }
}
