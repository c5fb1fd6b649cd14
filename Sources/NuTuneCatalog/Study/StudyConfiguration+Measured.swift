import NuTuneAnalysis
import NuTuneCore

extension StudyConfiguration {
  /// The model that makes measured values in place of a measurement; nil for none.
  package var pseudoDataModel: PluginSelection? {
    guard !measurements.isEmpty, let label = likelihood.optionalText("pseudo_data") else { return nil }
    return models.first { $0.label == label }
  }

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

  /// Tells the dataset of a measurement how often its χ² counts, and with what it shares errors: other parts of the measurement,
  /// and a flux that is fitted.
  func addErrors(of measurement: StudyMeasurement, to dataset: inout Dataset) throws {
    dataset.weight = measurement.weight
    let parts = measurements.filter { $0.entry == measurement.entry }
    var whole = measurement.configuration
    if parts.count > 1 {
      let used = parts.flatMap(\.bins).sorted()
      whole = try measurement.whole.selecting(used, name: measurement.entry)
      dataset.part = MeasuredPart(
        of: measurement.entry, whole: whole.observation, bins: measurement.bins.compactMap { used.firstIndex(of: $0) })
    }
    dataset.fluxUncertainty = try whole.fluxUncertainty(
      of: beam(of: measurement), count: likelihood.integer("flux_components"))
  }

  /// What has one set of flux pulls: neutrinos of one kind of a flux entry, or each measurement for itself.
  private func beam(of measurement: StudyMeasurement) -> String {
    likelihood.text("flux_pulls") == StudySections.sharedPulls
      ? "\(measurement.configuration.flux), \(measurement.configuration.reaction.species.rawValue)" : measurement.entry
  }

  /// Refuses flux components that no measurement has, and pulls that measurements on different nuclei would share.
  private func checkFluxComponents() throws {
    guard !measurements.isEmpty, likelihood.integer("flux_components") > 0 else { return }
    let having = measurements.filter { $0.configuration.components.contains { $0.kind == .flux } }
    guard !having.isEmpty else {
      throw NuTuneError(
        .badData, at: likelihood.location(of: "flux_components"), key: "likelihood.flux_components",
        found: "no flux uncertainty of \(measurements.map(\.name).joined(separator: ", "))",
        expected: "a measurement with `covariances: [{kind: flux, …}]`, or 0")
    }
    func nuclei(_ measurement: StudyMeasurement) -> [Target: Double] {
      let composition = measurement.configuration.composition ?? []
      return Dictionary(composition.map { ($0.target, $0.share) }, uniquingKeysWith: +)
    }
    for (index, one) in having.enumerated() {
      guard let other = having[..<index].first(where: { beam(of: $0) == beam(of: one) && nuclei($0) != nuclei(one) })
      else { continue }
      throw NuTuneError(
        .badData, at: likelihood.location(of: "flux_pulls"), key: "likelihood.flux_pulls",
        found: "\(other.name) and \(one.name) of one beam on different nuclei",
        expected: "own: pulls of each measurement")
    }
  }
}
