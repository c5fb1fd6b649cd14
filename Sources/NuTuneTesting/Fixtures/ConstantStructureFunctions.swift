import NuTuneCore

/// Structure functions that are the same everywhere: W₁ = W₂ = a constant, W₃ = W₄ = W₅ = 0. The cross section is that of
/// the lepton tensor alone, positive wherever a lepton can be made.
public struct ConstantStructureFunctions: StructureFunctionModel {
  /// W₁ and W₂ in GeV⁻¹.
  public let value: Double

  /// Name and its one parameter.
  public static let descriptor = PluginDescriptor(
    kind: .crossSection, name: "constant-sf", summary: "Structure functions that are the same everywhere, for tests.",
    parameters: [ParameterDeclaration("value", unit: "1/GeV", default: .number(1), .number(0...100), "W₁ and W₂")],
    citations: [])

  /// The functions of a value in GeV⁻¹.
  public init(_ value: Double = 1) { self.value = value }

  /// The functions of a study.
  public init(_ configuration: PluginConfiguration) throws { value = configuration.parameters.number("value") }

  /// Serves every reaction.
  public func check(_ reactions: [Reaction]) {}

  /// W₁…W₅ in GeV⁻¹.
  public func structureFunctions(of reaction: Reaction, at points: InvariantPoints) -> StructureFunctions {
    var functions = StructureFunctions(count: points.count)
    for index in 0...1 { functions.w[index] = [Double](repeating: value, count: points.count) }
    return functions
  }
}
