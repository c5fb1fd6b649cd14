import NuTuneCore

/// The reactions that a trained model may be asked for. The neutrino signs are for its plugin to check; structure
/// functions of one target alone do not know which it was, so that the card has to.
struct TrainedScope: Sendable {
  /// The name of the model, for errors.
  var reference: String
  /// Targets that it was trained on; nil when its card does not say.
  var targets: Set<String>?

  /// Throws for a target that the model was not trained on.
  func check(_ reactions: [Reaction]) throws {
    guard let targets, let other = reactions.first(where: { !targets.contains($0.target.name) }) else { return }
    throw NuTuneError(
      .badData, found: "the target \(other.target.name)",
      expected: "\(targets.sorted().joined(separator: " or ")), on which \(reference) was trained: structure functions "
        + "belong to one target")
  }
}
