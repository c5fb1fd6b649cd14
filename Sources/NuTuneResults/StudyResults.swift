/// `results.json`, schema `nutune.results/1`: the machine-readable results of a study. Maps are keyed by model label.
public struct StudyResults: Sendable, Codable {
  /// Schema name of this version.
  public static let schemaName = "nutune.results/1"

  /// `nutune.results/1`.
  public var schema: String
  /// The effective study, with every default filled in.
  public var study: EffectiveStudy
  /// Versions, seeds and times behind the numbers.
  public var provenance: Provenance
  /// Results of the truth.
  public var truth: TruthResults
  /// Results of each tuned model.
  public var models: [String: ModelResults]
  /// Models that could not be tuned, with the reason; nil when there is none.
  public var failures: [String: String]?
  /// Accuracy of the integration over bins; nil in results of older versions.
  public var folding: FoldingResults?
  /// Estimated tv of each sample due to interpolation inside a table of cross sections, by model label (including the
  /// truth) and sample; nil when no model interpolates.
  public var interpolation: [String: [String: Double]]?
  /// Limits of the whole study, one sentence each; nil when there are none.
  public var warnings: [String]?
  /// Whether measurements agree on common functions, where models of the study learned from them alone and together;
  /// nil elsewhere.
  public var tensions: [Tension]?

  /// Creates results from their parts.
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

extension StudyResults {
  /// Whether every training and every fit met its criterion.
  public var converged: Bool {
    (failures ?? [:]).isEmpty && (truth.oscillation?.converged ?? true)
      && models.values.allSatisfy {
        ($0.training?.converged ?? true) && ($0.oscillation?.converged ?? true)
          && ($0.oscillationAtPosteriorMean?.converged ?? true) && ($0.oscillationCheck?.reasons.isEmpty ?? true)
      }
  }
}
