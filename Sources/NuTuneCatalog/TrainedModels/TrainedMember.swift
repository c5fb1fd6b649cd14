import NuTuneCore

/// A member of an ensemble, read from the files of the ensemble.
package struct TrainedMember: Sendable {
  /// What the card says of it.
  package var card: ModelCardMember
  /// Its weights, and what belongs to them.
  package var state: ModelState
}
