/// A node operator expanded to second order in response parameters; exact with its derivatives where it was expanded.
public protocol ResponseExpansion: Sendable {
  /// The operator at some displacements, with its derivatives.
  func operators(at displacements: [Double]) -> ResponseOperators
}
