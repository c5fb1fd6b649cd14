import NuTuneCore

/// A member of an ensemble, as the card of the ensemble keeps it. Its tensors stand in the file of weights, their names
/// behind that of the member (`all-0001//neutrino.weights`), and so do those of the trained models that a member of its own
/// architecture is made of (`all-0002//prior//neutrino.weights`).
package struct ModelCardMember: Codable, Sendable {
  /// Name of the member, `all-0001`.
  package var name: String
  /// Its state without its tensors.
  package var state: [String: ParameterValue]
  /// Factor on its structure functions for each neutrino sign, `neutrino` or `antineutrino`, which gives it the near rate
  /// that it learned from; none for a model that learned its scale.
  package var scales: [String: Double]
  /// Values that a program has to find again before it may use the weights, without the factor.
  package var probes: [ModelProbe]
  /// Plugin, parameters and components of a member of another architecture than the first one's, which are those of the
  /// ensemble's card; nil for one of the same, and in older cards.
  package var architecture: ModelCardComponent?

  /// A member of which its own card is known.
  ///
  /// - Parameters:
  ///   - name: name of the member.
  ///   - card: its card.
  ///   - hasOwnArchitecture: whether it is made in another way than the first member.
  package init(_ name: String, _ card: ModelCard, hasOwnArchitecture: Bool = false) {
    self.name = name
    architecture = hasOwnArchitecture ? ModelCardComponent(card) : nil
    state = card.state
    probes = card.origin?.probes ?? []
    scales = [:]
    guard let scale = card.origin?.scale, !scale.isAbsolute else { return }
    for helicity in Helicity.allCases {
      // Several experiments have factors of their own, `neutrino@t2k`; one model has one.
      let factors = scale.factors.filter { $0.key.prefix { $0 != "@" } == helicity.rawValue }.map(\.value.value)
      guard !factors.isEmpty else { continue }
      scales[helicity.rawValue] = factors.sorted().reduce(0, +) / Double(factors.count)
    }
  }
}
