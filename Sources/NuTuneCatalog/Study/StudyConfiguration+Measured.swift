import NuTuneCore

extension StudyConfiguration {
  /// Refuses measured values that cannot be compared as the study says.
  func checkMeasuredData() throws {
    var problems = NuTuneErrors()
    problems.attempt(checkMeasuredStatistic)
    problems.attempt(checkFluxComponents)
    try problems.throwIfAny()
  }

  /// Refuses measured values that the statistic of the study cannot compare.
  private func checkMeasuredStatistic() throws {
    let location = likelihood.location(of: "measured")
    var problems = NuTuneErrors()
    for entry in measurements.map(\.configuration) {
      let measurement = entry.measurement
      switch measuredStatistic {
      case .logNormal:
        guard let bin = entry.coveredBins.first(where: { measurement.values[$0] <= 0 }) else { continue }
        problems.add(
          NuTuneError(
            .badData, at: location, key: "likelihood.measured",
            found: "log-normal with \(measurement.values[bin]) in \(measurement.name(bin)) of \(entry.name)",
            expected: "norm-shape, because only positive values have a logarithm"))
      case .normShape where entry.coveredBins.reduce(0) { $0 + measurement.values[$1] * measurement.bins[$1].area } <= 0:
        problems.add(
          NuTuneError(
            .badData, at: location, key: "likelihood.measured",
            found: "norm-shape with bins of \(entry.name) whose sum is not positive", expected: "plain"))
      case .shape, .poisson, .gaussian, .normShape, .predictionScaled: continue
      }
    }
    try problems.throwIfAny()
  }

  /// Refuses flux components that no measurement has, and those of a beam that belong to several of them.
  private func checkFluxComponents() throws {
    guard !measurements.isEmpty, likelihood.integer("flux_components") > 0 else { return }
    let place = likelihood.location(of: "flux_components")
    let having = measurements.filter { $0.configuration.components.contains { $0.kind == .flux } }
    guard !having.isEmpty else {
      throw NuTuneError(
        .badData, at: place, key: "likelihood.flux_components",
        found: "no flux uncertainty of \(measurements.map(\.name).joined(separator: ", "))",
        expected: "a measurement with `covariances: [{kind: flux, …}]`, or 0")
    }
    for (index, one) in having.enumerated() {
      guard let other = having[..<index].first(where: { $0.configuration.flux == one.configuration.flux }) else {
        continue
      }
      throw NuTuneError(
        .badData, at: place, key: "likelihood.flux_components",
        found: "\(other.name) and \(one.name) with the flux \(one.configuration.flux)",
        expected: "one measurement of a beam: components are those of the bins of each")
    }
  }
}
