import Foundation
import NuTuneCore

/// A bell-shaped flux around an energy, of every species, as narrow as an off-axis beam.
public struct BellFlux: FluxProvider {
  /// All species.
  public let species = NeutrinoSpecies.allCases
  /// Energies at which the flux begins and ends, GeV.
  public let breakpoints: [Double]
  private let energy: Double
  private let width: Double

  /// Name and parameters.
  public static let descriptor = PluginDescriptor(
    kind: .flux, name: "bell", summary: "A Gaussian in energy, cut at three standard deviations, for tests.",
    parameters: [
      ParameterDeclaration("energy", unit: "GeV", default: .number(1.6), .number(0.5...100), "centre"),
      ParameterDeclaration("width", unit: "GeV", default: .number(0.4), .number(0.01...10), "standard deviation"),
    ], citations: [])

  /// Creates a bell around an energy, both in GeV.
  public init(energy: Double = 1.6, width: Double = 0.4) {
    self.energy = energy
    self.width = width
    breakpoints = [max(energy - 3 * width, 0.05), energy + 3 * width]
  }

  /// Creates the bell of a study.
  public init(_ configuration: PluginConfiguration) throws {
    self.init(
      energy: configuration.parameters.number("energy"), width: configuration.parameters.number("width"))
  }

  /// Computes the density in ν/cm²/GeV/POT, shape [energies].
  public func density(of species: NeutrinoSpecies, at energies: [Double]) -> [Double] {
    let range = breakpoints[0]...breakpoints[1]
    return energies.map { range.contains($0) ? exp(-pow(($0 - energy) / width, 2) / 2) : 0 }
  }
}
