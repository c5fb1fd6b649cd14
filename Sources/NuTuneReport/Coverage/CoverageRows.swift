import NuTuneResults

extension CoverageResults {
  /// Models with results and their titles, in the order of the study: the truth first, a model that knows its
  /// uncertainty followed by its fit at the posterior mean; models that the study does not name come last.
  var orderedModels: [(label: String, title: String, model: Model)] {
    var names = [(label: "truth", title: "true cross section")]
    for label in study.models {
      names += [(label, label), (FitLabel.atPosteriorMean(of: label), "\(label), held at its mean")]
    }
    let known = Set(names.map(\.label))
    names += models.keys.filter { !known.contains($0) }.sorted().map { ($0, $0) }
    return names.compactMap { name in models[name.label].map { (name.label, name.title, $0) } }
  }

  /// The quantities whose coverage is counted: each parameter, and `joint`, the region of all.
  var counted: [String] { parameters + ["joint"] }

  /// A level of intervals.
  struct Level: Sendable {
    /// Title for readers.
    var title: String
    /// Share of the experiments in which a correct interval contains the truth.
    var probability: Double
    /// The fractions of a model, by parameter.
    var fractions: @Sendable (Model) -> [String: Fraction]
  }

  /// The two levels.
  static var levels: [Level] {
    [
      Level(title: "68.27 %", probability: 0.6827) { $0.coverage68 },
      Level(title: "95.45 %", probability: 0.9545) { $0.coverage95 },
    ]
  }
}
