import Foundation
import NuTuneCore

/// Structure functions that are constant above the threshold for hadrons: W₁ = W₂ = c / (1 + exp(−(W² − M²)/0.15
/// GeV²)), W₃ = W₄ = W₅ = 0. The cross section is positive wherever a lepton can be produced.
public struct ConstantStructureFunctions: StructureFunctionModel {
  /// W₁ and W₂ above W = M, GeV⁻¹.
  public let value: Double

  /// Width of the threshold below W = M, GeV² in W².
  private static let turnOn = 0.15

  /// Name and its one parameter.
  public static let descriptor = PluginDescriptor(
    kind: .crossSection, name: "constant-sf", summary: "Structure functions that are the same above W = M, for tests.",
    parameters: [
      ParameterDeclaration("value", unit: "1/GeV", default: .number(1), .number(0...100), "W₁ and W₂ above W = M")
    ],
    citations: [])

  /// Creates the functions with a value in GeV⁻¹.
  public init(_ value: Double = 1) { self.value = value }

  /// Creates the functions of a study.
  public init(_ configuration: PluginConfiguration) throws { value = configuration.parameters.number("value") }

  /// Accepts every reaction.
  public func check(_ reactions: [Reaction]) {}

  /// Computes W₁…W₅ in GeV⁻¹.
  public func structureFunctions(of reaction: Reaction, at points: InvariantPoints) -> StructureFunctions {
    var functions = StructureFunctions(count: points.count)
    let massSquared = PhysicalConstants.nucleonMass * PhysicalConstants.nucleonMass
    for i in 0..<points.count {
      let excess = Kinematics.hadronicMassSquared(omega: points.omega[i], q2: points.q2[i]) - massSquared
      functions.w[0][i] = value / (1 + exp(-excess / Self.turnOn))
      functions.w[1][i] = functions.w[0][i]
    }
    return functions
  }
}
