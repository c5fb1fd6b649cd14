import NuTuneResults

extension ModelResults {
  /// Whether near data refuse the model: a deviance that is no fluctuation, or a misfit that the events would show.
  var isRefused: Bool { near.goodnessOfFit?.verdict == .poor }
}
