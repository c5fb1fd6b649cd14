import NuTuneResults

extension EffectiveStudy {
  /// Whether the data come from a known cross section; that of measured data is not known, and models are compared with
  /// the data.
  var hasTruth: Bool { values.keys.contains { $0.hasPrefix("truth.") } }
}
