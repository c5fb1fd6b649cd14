import NuTuneCatalog

/// One member of an ensemble as a task: the study and this value alone determine it.
package struct EnsembleTask: Sendable, Hashable {
  /// Its set: `all`, or the name of the one source that varies.
  package var set: String
  /// Its number within the set, from 1. Members of one number have the same throws in every set.
  package var member: Int

  /// Members whose models are kept: a hundred have a covariance that is known to 7 %.
  static let mostModels = 100

  /// Whether its model is kept: of the set in which all sources vary.
  var keepsModel: Bool { self.set == EnsemblePlan.all && member <= Self.mostModels }

  /// Label of its model in the folder of the ensemble.
  var modelLabel: String { "\(TrainedModelFiles.members)/\(name)" }

  /// Its name in file names, `all-0007`.
  package var name: String {
    let digits = String(member)
    return "\(set)-\(String(repeating: "0", count: max(0, 4 - digits.count)))\(digits)"
  }
}
