import NuTuneCore

extension Activation {
  /// Declaration of `network.activation`, for the parameters of a plugin.
  public static let parameter = ParameterDeclaration(
    "network.activation", default: .text(Activation.silu.rawValue), .choice(Activation.allCases.map(\.rawValue)),
    "activation of the hidden layers")

  /// Reads the activation from a plugin's parameters.
  ///
  /// - Parameter parameters: Values of parameters among which is `network.activation`.
  public init(_ parameters: ParameterValues) {
    self = Activation(rawValue: parameters.text("network.activation")) ?? .silu
  }
}
