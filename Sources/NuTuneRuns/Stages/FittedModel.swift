import NuTuneCatalog
import NuTuneCore

/// A model, tuned where it learns, with all that an oscillation fit needs of it; in memory, for work that is done many
/// times.
struct FittedModel: Sendable {
  var responses: ModelResponses
  /// What near data left open.
  var open: OpenDirections?
  var nuisances: NuisanceParameters?
  /// How the tuning went; nil for a model that does not learn.
  var record: TuningRecord?

  /// Tunes a model on near data.
  ///
  /// - Parameters:
  ///   - label: of the model in the study, which says what it learns from.
  ///   - folded: the study with the fluxes that the model believes in.
  ///   - seed: of the model's random numbers; the study's when nil.
  ///   - requiresConvergence: whether a training that misses its criterion is a runtime error.
  init(
    _ model: any CrossSectionModel, labeled label: String, on near: [SampleData], _ study: StudyConfiguration,
    _ assembly: StudyAssembly,
    _ folded: FoldedStudy, seed: UInt64?, requiresConvergence: Bool = false
  ) throws {
    func tuned(_ folded: FoldedStudy) throws -> (any CrossSectionModel, TuningRecord?) {
      guard let tunable = model as? any TunableModel else { return (model, nil) }
      let result = try tunable.tuned(
        on: try study.tuningProblem(folded, near, for: label, seed: seed, threads: folded.threads))
      if requiresConvergence, !result.record.converged {
        throw NuTuneError(
          .runtime, key: "models", found: result.record.verdict, expected: "a training that converges")
      }
      return (result.model, result.record)
    }
    let (fitted, record) = try tuned(folded)
    self.record = record
    responses = try ModelResponses(of: fitted, in: folded)
    open = try study.openDirections(of: fitted, responses)
    nuisances = try study.nuisances(
      of: fitted, responses, assembly, retuned: model is any TunableModel ? { folded, _ in try tuned(folded).0 } : nil)
  }

  /// The same model under other fluxes or with another number of threads.
  func under(_ folded: FoldedStudy) -> FittedModel {
    var copy = self
    copy.responses = responses.under(folded)
    return copy
  }
}
