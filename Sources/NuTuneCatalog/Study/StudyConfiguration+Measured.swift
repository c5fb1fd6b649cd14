import NuTuneCore

extension StudyConfiguration {
  /// Refuses measured values that the statistic of the study cannot compare.
  func checkMeasuredStatistic() throws {
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

  /// Refuses models that learn with a covariance that should follow them: its reference is renewed between fits.
  func checkLearning(_ selection: PluginSelection) throws {
    guard !measurements.isEmpty, measuredStatistic == .predictionScaled else { return }
    throw NuTuneError(
      .badData, at: likelihood.location(of: "measured") ?? selection.location, key: "likelihood.measured",
      found: "t0 with “\(selection.name)”, a model that learns",
      expected:
        "norm-shape or log-normal, because a training does not renew the prediction that the covariance of t0 follows"
    )
  }
}
