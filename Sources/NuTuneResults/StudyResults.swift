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
