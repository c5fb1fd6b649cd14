import NuTuneCore

extension StudyConfiguration {
  /// Refuses a model that learns a density of leptons from bins of transfers to the nucleus (ω, q₃, Q²).
  func checkObservables(of model: any CrossSectionModel, _ selection: PluginSelection) throws {
    guard model is any TunableModel, !(model is any StructureFunctionModel) else { return }
    for detector in nearDetectors {
      let pair = try detector.binning.observables
      guard pair.needsNeutrinoEnergy else { continue }
      throw NuTuneError(
        .badData, at: detector.binningLocation ?? selection.location, key: "\(detector.path).binning",
        found:
          "bins in (\(pair.first.rawValue), \(pair.second.rawValue)) for \(selection.path), which learns a density of "
          + "leptons",
        expected: "bins in observables of the lepton, quasielastic_energy included, or a model of structure functions")
    }
  }
}
