import NuTuneCore

/// A member of an ensemble, read from the files of the ensemble.
package struct TrainedMember: Sendable {
  /// What the card says of it.
  package var card: ModelCardMember
  /// Its weights, and what belongs to them.
  package var state: ModelState
  /// Weights of the trained models that a member of its own architecture is made of.
  package var others: [ModelState.Tensor] = []
  /// Its plugin, of a member of its own architecture; nil for one that is made as the ensemble's card says.
  package var selection: PluginSelection?
}
