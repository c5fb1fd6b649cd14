/// What one set of learned structure functions serves: a neutrino sign, and where near data are of several targets one of
/// them. Structure functions belong to a nucleus, and those of two nuclei share nothing.
package struct LearnedNucleus: Hashable, Sendable {
  /// The neutrino sign.
  package let helicity: Helicity
  /// The target; nil where near data are of one target alone, whose functions stand for any.
  package let target: Target?

  /// Structure functions of a neutrino sign, of one target among several or of the only one.
  package init(_ helicity: Helicity, target: Target? = nil) {
    self.helicity = helicity
    self.target = target
  }

  /// Name in files, `neutrino`, or `neutrino-H2O` of one target among several.
  package var name: String { helicity.rawValue + (target.map { "-\($0.name)" } ?? "") }

  /// The one with a ``name``; nil for anything else.
  package init?(named name: String) {
    let parts = name.split(separator: "-", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
    guard let helicity = Helicity(rawValue: parts[0]) else { return nil }
    let target = parts.count > 1 ? try? Target(named: parts[1]) : nil
    guard parts.count == 1 || target != nil else { return nil }
    self.init(helicity, target: target)
  }

  /// Whether these structure functions make a reaction.
  package func serves(_ reaction: Reaction) -> Bool {
    helicity == reaction.species.helicity && (target ?? reaction.target) == reaction.target
  }

  /// One for each neutrino sign of some reactions and, if they have several targets, for each of these by name.
  package static func all(of reactions: [Reaction]) -> [LearnedNucleus] {
    let targets = Set(reactions.map(\.target)).sorted { $0.name < $1.name }
    let possible = Helicity.allCases.flatMap { helicity in
      targets.count > 1
        ? targets.map { LearnedNucleus(helicity, target: $0) } : [LearnedNucleus(helicity)]
    }
    return possible.filter { nucleus in reactions.contains(where: nucleus.serves) }
  }

  /// Those with some names, in the order of ``all(of:)``; other names and second ones are left out.
  package static func all(named names: some Sequence<String>) -> [LearnedNucleus] {
    let known = Set(names.compactMap { LearnedNucleus(named: $0) })
    return Helicity.allCases.flatMap { helicity in
      known.filter { $0.helicity == helicity }.sorted { $0.name < $1.name }
    }
  }
}
