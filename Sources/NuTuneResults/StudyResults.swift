import NuTuneCore

/// `results.json`, schema `nutune.results/1`: the machine-readable answer of a study. Maps are keyed by model label.
public struct StudyResults: Sendable, Codable {
  /// Schema name of this version.
  public static let schemaName = "nutune.results/1"

  /// `nutune.results/1`.
  public var schema: String
  /// The effective study: every default filled in.
  public var study: EffectiveStudy
  /// Where the numbers come from.
  public var provenance: Provenance
  /// What the true model gives.
  public var truth: TruthResults
  /// What each tuned model gives.
  public var models: [String: ModelResults]
  /// Models that could not be tuned, with the sentence that says why; nil when there is none.
  public var failures: [String: String]?
  /// How well bins were integrated; nil in results of versions that did not know.
  public var folding: FoldingResults?
  /// Estimated tv that interpolation inside a table of cross sections moves samples by, by model label (that of the truth
  /// included) and sample; nil when no model interpolates.
  public var interpolation: [String: [String: Double]]?
  /// What limits the whole study, one sentence each; nil when nothing does.
  public var warnings: [String]?

  /// Results from their parts.
  public init(
    study: EffectiveStudy, provenance: Provenance, truth: TruthResults, models: [String: ModelResults],
    failures: [String: String]? = nil, interpolation: [String: [String: Double]]? = nil, warnings: [String]? = nil,
    folding: FoldingResults? = nil
  ) {
    schema = Self.schemaName
    self.study = study
    self.provenance = provenance
    self.truth = truth
    self.models = models
    self.failures = failures
    self.interpolation = interpolation
    self.warnings = warnings
    self.folding = folding
  }
}

/// How well the bins of a study were integrated: what was asked for and the errors estimated with a surrogate cross section.
public struct FoldingResults: Sendable, Codable {
  /// `fold.accuracy`.
  public var accuracy: Double
  /// Largest estimated relative error among true bins that hold at least 10⁻⁴ of their sample's rate.
  public var worstBin: Double
  /// Largest estimated total variation of a sample.
  public var totalVariation: Double

  enum CodingKeys: String, CodingKey {
    case accuracy
    case worstBin = "worst_bin"
    case totalVariation = "tv"
  }

  /// Results of folding.
  public init(accuracy: Double, worstBin: Double, totalVariation: Double) {
    self.accuracy = accuracy
    self.worstBin = worstBin
    self.totalVariation = totalVariation
  }
}

/// The study as it was run: plain values by dotted path, and the labels of its models in order.
public struct EffectiveStudy: Sendable, Codable {
  /// Name of the study.
  public var name: String
  /// Title for people.
  public var title: String
  /// Model labels in the order of the study.
  public var models: [String]
  /// Every value, by dotted path (`models.neural.network.hidden`).
  public var values: [String: ParameterValue]
  /// The libraries of plugins that were loaded for it; nil when there are none.
  public var plugins: [PluginLibrary]?

  /// An effective study.
  public init(
    name: String, title: String, models: [String], values: [String: ParameterValue], plugins: [PluginLibrary]? = nil
  ) {
    self.name = name
    self.title = title
    self.models = models
    self.values = values
    self.plugins = plugins
  }
}

/// Versions, seeds and times behind a result.
public struct Provenance: Sendable, Codable {
  /// Version of NuTune.
  public var version: String
  /// Commit it was built from, empty when unknown.
  public var commit: String
  /// Seeds by purpose.
  public var seeds: [String: Int]
  /// Versions of libraries by name.
  public var libraries: [String: String]
  /// When the run was started (ISO 8601).
  public var started: String
  /// Seconds of each stage as measured when it was computed.
  public var seconds: [String: Double]
  /// The libraries of plugins that were loaded; nil when there were none.
  public var plugins: [PluginLibrary]?

  /// A provenance.
  public init(
    version: String, commit: String, seeds: [String: Int], libraries: [String: String], started: String,
    seconds: [String: Double], plugins: [PluginLibrary]? = nil
  ) {
    self.version = version
    self.commit = commit
    self.seeds = seeds
    self.libraries = libraries
    self.started = started
    self.seconds = seconds
    self.plugins = plugins
  }
}

/// Results of the true model.
public struct TruthResults: Sendable, Codable {
  /// tv between the near-detector and far-detector shapes in the same bins: what has to be bridged; nil when there is no
  /// such pair.
  public var nearFarTv: Double?
  /// The oscillation fit with the true cross section; nil when nothing is fitted.
  public var oscillation: OscillationResults?

  enum CodingKeys: String, CodingKey {
    case nearFarTv = "near_far_tv"
    case oscillation
  }

  /// Results of the truth.
  public init(nearFarTv: Double?, oscillation: OscillationResults?) {
    self.nearFarTv = nearFarTv
    self.oscillation = oscillation
  }
}

/// Results of one tuned model.
public struct ModelResults: Sendable, Codable {
  /// Agreement at the near detector.
  public struct Near: Sendable, Codable {
    /// Total variation ½Σ|p−q| from the truth, the mean over samples.
    public var tv: Double
    /// Multinomial deviance 2NΣp ln(p/q) from the data, summed over samples; N = 1 when the events are infinite.
    public var deviance: Double
    /// Number of bins.
    public var bins: Int
    /// Names of the samples; nil in older files.
    public var samples: [String]?
    /// Whether the deviance is what a right model has; nil in older files, for models that are not tuned and for data
    /// that a model did not see.
    public var goodnessOfFit: GoodnessOfFit?

    enum CodingKeys: String, CodingKey {
      case tv
      case deviance
      case bins
      case samples
      case goodnessOfFit = "goodness_of_fit"
    }

    /// Agreement at the near detector.
    public init(
      tv: Double, deviance: Double, bins: Int, samples: [String]? = nil, goodnessOfFit: GoodnessOfFit? = nil
    ) {
      self.tv = tv
      self.deviance = deviance
      self.bins = bins
      self.samples = samples
      self.goodnessOfFit = goodnessOfFit
    }
  }

  /// Agreement at the far detector, at the true oscillation parameters.
  public struct Far: Sendable, Codable {
    /// Total variation ½Σ|p−q| from the truth, the mean over samples.
    public var tv: Double
    /// FD/ND rate relative to the true FD/ND rate, the mean over samples.
    public var rateRatio: Double
    /// Multinomial deviance from the truth for the number of far events, summed over samples.
    public var deviance: Double

    enum CodingKeys: String, CodingKey {
      case tv
      case rateRatio = "rate_ratio"
      case deviance
    }

    /// Agreement at the far detector.
    public init(tv: Double, rateRatio: Double, deviance: Double) {
      self.tv = tv
      self.rateRatio = rateRatio
      self.deviance = deviance
    }
  }

  /// Agreement at one fixed neutrino energy.
  public struct Slice: Sendable, Codable {
    /// E_ν in GeV.
    public var energy: Double
    /// Total variation on the near-detector bins.
    public var tv: Double

    /// Agreement at one energy.
    public init(energy: Double, tv: Double) {
      self.energy = energy
      self.tv = tv
    }
  }

  /// Whether near-detector data constrain what the far detector needs.
  public struct Support: Sendable, Codable {
    /// Largest uncovered share of the far rate without a warning. A study whose near detector sees what the far one needs
    /// has less than 1e-6; half a percent is the size of the far tv of a good model, so more than that decides the
    /// result.
    public static let largestUncovered = 0.005
    /// Overlap of near and far importance over the nodes, Σ min(near, far), each with sum one; of several near samples
    /// the one counts that holds most of a node.
    public var overlap: Double
    /// Share of what the far detector needs where near-detector data hold less than a tenth of it; nil in older files.
    public var uncovered: Double?

    /// A support.
    public init(overlap: Double, uncovered: Double? = nil) {
      self.overlap = overlap
      self.uncovered = uncovered
    }
  }

  /// The tuning, in short.
  public struct Training: Sendable, Codable {
    /// Whether the stated criterion was met.
    public var converged: Bool
    /// The criterion and how it came out.
    public var verdict: String
    /// Steps done.
    public var steps: Int
    /// Final loss.
    public var loss: Double
    /// Time it took.
    public var seconds: Double

    /// A tuning.
    public init(converged: Bool, verdict: String, steps: Int, loss: Double, seconds: Double) {
      self.converged = converged
      self.verdict = verdict
      self.steps = steps
      self.loss = loss
      self.seconds = seconds
    }
  }

  /// Near detector, where the model learned.
  public var near: Near
  /// Near detectors (positions, joint experiments) whose data the model did not see; nil when there are none.
  public var elsewhere: Near?
  /// Far detector; nil without one.
  public var far: Far?
  /// Fixed neutrino energies.
  public var slices: [Slice]
  /// Support; nil for models without structure functions.
  public var support: Support?
  /// Tuning; nil for models that are not tuned.
  public var training: Training?
  /// Oscillation fit, with what near data left open of the model integrated out where the model knows it; nil when
  /// nothing is fitted, and where ``oscillationCheck`` finds that it cannot be trusted.
  public var oscillation: OscillationResults?
  /// The same fit with such a model held at its posterior mean; nil for other models.
  public var oscillationFrozen: OscillationResults?
  /// Whether the fit that integrates out what near data left open can be trusted; nil for other models.
  public var oscillationCheck: OpenFitCheck?
  /// Learned next to true structure functions; nil for models (or a truth) without them.
  public var structureFunctions: StructureFunctionDeviations?
  /// What a reader should know before trusting the far-detector prediction; nil in older files.
  public var warnings: [String]?

  enum CodingKeys: String, CodingKey {
    case near
    case elsewhere
    case far
    case slices
    case support
    case training
    case oscillation
    case oscillationFrozen = "oscillation_frozen"
    case oscillationCheck = "oscillation_check"
    case structureFunctions = "structure_functions"
    case warnings
  }

  /// Results of one model.
  public init(
    near: Near, elsewhere: Near? = nil, far: Far?, slices: [Slice], support: Support?, training: Training?,
    oscillation: OscillationResults?,
    oscillationFrozen: OscillationResults? = nil,
    structureFunctions: StructureFunctionDeviations? = nil, warnings: [String]? = nil
  ) {
    self.near = near
    self.elsewhere = elsewhere
    self.far = far
    self.slices = slices
    self.support = support
    self.training = training
    self.oscillation = oscillation
    self.oscillationFrozen = oscillationFrozen
    self.structureFunctions = structureFunctions
    self.warnings = warnings
  }
}

extension ModelResults {
  /// Keeps a check of the fit with open directions; one that cannot be trusted is withheld, with a warning.
  public mutating func apply(_ check: OpenFitCheck?) {
    oscillationCheck = check
    guard let warning = check?.warning else { return }
    oscillation = nil
    warnings = (warnings ?? []) + [warning]
  }
}

extension StudyResults {
  /// Whether every training and every fit met its criterion.
  public var converged: Bool {
    (failures ?? [:]).isEmpty && (truth.oscillation?.converged ?? true)
      && models.values.allSatisfy {
        ($0.training?.converged ?? true) && ($0.oscillation?.converged ?? true)
          && ($0.oscillationFrozen?.converged ?? true) && ($0.oscillationCheck?.reasons.isEmpty ?? true)
      }
  }
}
