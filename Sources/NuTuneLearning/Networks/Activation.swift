/// The activation function of the hidden layers of a net.
public enum Activation: String, Sendable, Codable, CaseIterable {
  /// x / (1 + e⁻ˣ)
  case silu
  /// tanh x
  case tanh
}
