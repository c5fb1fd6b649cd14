/// The flux before oscillation that a far detector is predicted with.
package enum FarFlux: String, Sendable, CaseIterable {
  /// The shape of the near detector's: near and far detector on one axis, far from the source.
  case near
  /// The far detector's own.
  case own
}
