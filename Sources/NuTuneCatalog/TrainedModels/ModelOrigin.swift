import NuTuneCore

/// What a trained model learned from, and with it where it can be used.
package struct ModelOrigin: Codable, Sendable {
  /// The place of one near sample that the model learned from.
  package struct Region: Codable, Sendable {
    /// Name of the sample.
    package var sample: String
    /// Lowest and highest W² in GeV² of the central ``ModelOrigin/share`` of its rate; nil for a model without
    /// structure functions.
    package var w2: [Double]?
    /// Lowest and highest Q² in GeV² of the same share.
    package var q2: [Double]?

    /// The place of a sample.
    package init(sample: String, w2: [Double]?, q2: [Double]?) {
      self.sample = sample
      self.w2 = w2
      self.q2 = q2
    }
  }

  /// What near data say of the scale of the model's cross section.
  package struct Scale: Codable, Sendable {
    /// Near events over those of the model, for a neutrino sign.
    package struct Factor: Codable, Sendable, Hashable {
      /// The factor that turns the model's cross section into 10⁻³⁸ cm² per nucleon, as far as flux and exposure are
      /// known.
      package var value: Double
      /// Its relative statistical error; zero for infinitely many events. Errors of flux and exposure come on top.
      package var statisticalError: Double

      enum CodingKeys: String, CodingKey {
        case value
        case statisticalError = "relative_statistical_error"
      }

      /// A factor with its relative statistical error.
      package init(value: Double, statisticalError: Double) {
        self.value = value
        self.statisticalError = statisticalError
      }
    }

    /// Whether the model learned its scale, from numbers of events or measured cross sections. A model that learned
    /// shapes has an arbitrary one.
    package var isAbsolute: Bool
    /// The factor for each neutrino sign (`neutrino`; `neutrino@t2k` where several experiments have scales of their
    /// own); empty where near data do not say.
    package var factors: [String: Factor]
    /// Relative error of a scale that was learned: of the sums of the near samples, taken as independent. Measured cross
    /// sections have their errors of flux and norm in it, numbers of events their statistics alone. Nil for an arbitrary
    /// scale, and for infinitely many events.
    package var relativeError: Double?

    enum CodingKeys: String, CodingKey {
      case isAbsolute = "is_absolute"
      case factors
      case relativeError = "relative_error"
    }

    /// The scale of a model.
    package init(isAbsolute: Bool, factors: [String: Factor]) {
      self.isAbsolute = isAbsolute
      self.factors = factors
    }
  }

  /// The share of the near rate within the ranges of each region.
  package static let share = 0.98

  /// Name of the study; nil in a run, whose folder says it.
  package var study: String?
  /// Experiments whose near data it learned from.
  package var experiments: [String]
  /// Targets of these data, the nuclei of mixtures among them. Structure functions belong to a target.
  package var targets: [String]
  /// Channels of these data.
  package var channels: [String]
  /// Lowest and highest neutrino energy that was folded, GeV.
  package var neutrinoEnergies: [Double]
  /// The near samples, and where they constrain the model.
  package var support: [Region]
  /// What near data say of its scale.
  package var scale: Scale
  /// Seeds by purpose: `network` in a run, all of the study in a catalog.
  package var seeds: [String: Int]
  /// Version of NuTune.
  package var version: String
  /// SHA-256 of the program.
  package var build: String
  /// Commit of the program; nil when unknown.
  package var commit: String?
  /// The library that its plugin was loaded from; nil for a built-in plugin.
  package var library: PluginLibrary?
  /// SHA-256 of the near data.
  package var dataDigest: String
  /// How it is evaluated, one sentence or formula each.
  package var formulas: [String]
  /// Values that a program has to find again before it may use the weights.
  package var probes: [ModelProbe]

  enum CodingKeys: String, CodingKey {
    case study, experiments, targets, channels, support, scale, seeds, version, build, commit, library, formulas, probes
    case neutrinoEnergies = "neutrino_energies"
    case dataDigest = "data_sha256"
  }

  /// What a model learned from.
  package init(
    experiments: [String], targets: [String], channels: [String], neutrinoEnergies: ClosedRange<Double>,
    support: [Region], scale: Scale, seeds: [String: Int], version: String, build: String, library: PluginLibrary?,
    dataDigest: String, formulas: [String], probes: [ModelProbe]
  ) {
    self.experiments = experiments
    self.targets = targets
    self.channels = channels
    self.neutrinoEnergies = [neutrinoEnergies.lowerBound, neutrinoEnergies.upperBound]
    self.support = support
    self.scale = scale
    self.seeds = seeds
    self.version = version
    self.build = build
    self.library = library
    self.dataDigest = dataDigest
    self.formulas = formulas
    self.probes = probes
  }
}
