import NuTuneCatalog
import NuTuneResults

/// The members of the ensembles of a study: one with all sources together, and one with each source alone.
package struct EnsemblePlan: Sendable {
  /// A set of members that differ in the same sources.
  package struct MemberSet: Sendable, Codable, Hashable {
    /// `all`, or the name of the one source.
    package var name: String
    /// Sources that vary between the members.
    package var vary: [SystematicSource]
    /// Number of members.
    package var members: Int
  }

  /// Name of the set in which all sources vary.
  package static let all = EnsembleResults.allSources

  /// Allowed number of members of a set.
  static let memberNumbers = 1...100_000

  /// The sets, in order.
  package let sets: [MemberSet]

  /// Plans the ensembles that a study asks for.
  package init(_ study: StudyConfiguration) {
    let vary = study.variedSources
    let breakdown = study.systematics.integer("ensemble.breakdown")
    var sets = [MemberSet(name: Self.all, vary: vary, members: study.systematics.integer("ensemble.members"))]
    if breakdown > 0, vary.count > 1 {
      sets += vary.map { MemberSet(name: $0.rawValue, vary: [$0], members: breakdown) }
    }
    self.sets = sets
  }

  /// All members, in the order in which they are computed.
  package var tasks: [EnsembleTask] {
    sets.flatMap { set in (1...set.members).map { EnsembleTask(set: set.name, member: $0) } }
  }

  /// Returns the set of a name.
  func set(named name: String) -> MemberSet? { sets.first { $0.name == name } }
}
