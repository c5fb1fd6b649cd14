import NuTuneCore

/// A flux of one neutrino per cm² and POT of every species in a narrow band of energies.
public struct MonochromaticFlux: FluxProvider {
  /// All species.
  public let species = NeutrinoSpecies.allCases
  /// The two ends of the band in GeV.
  public let breakpoints: [Double]

  /// Name and parameters.
  public static let descriptor = PluginDescriptor(
    kind: .flux, name: "monochromatic", summary: "One neutrino per cm² and POT in a narrow band, for tests.",
    parameters: [
      ParameterDeclaration("energy", unit: "GeV", default: .number(1.5), .number(0.1...100), "centre of the band"),
      ParameterDeclaration("width", unit: "GeV", default: .number(0.02), .number(1e-3...0.1), "width of the band"),
    ], citations: [])

  /// Creates a band around an energy, both in GeV.
  public init(energy: Double, width: Double = 0.02) { breakpoints = [energy - width / 2, energy + width / 2] }

  /// Creates the band of a study.
  public init(_ configuration: PluginConfiguration) throws {
    self.init(
      energy: configuration.parameters.number("energy"), width: configuration.parameters.number("width"))
  }

  /// Computes the density in ν/cm²/GeV/POT, shape [energies].
  public func density(of species: NeutrinoSpecies, at energies: [Double]) -> [Double] {
    let band = breakpoints[0]...breakpoints[1]
    return energies.map { band.contains($0) ? 1 / (breakpoints[1] - breakpoints[0]) : 0 }
  }
}
