/// A log-normal spectrum.
enum FluxTemplate: PluginTemplate {
  static let summary = "It comes with a log-normal spectrum of muon neutrinos with a share of the other species."

  static func use(_ name: PluginName) -> String {
    """
    an experiment names it in place of a flux table:

    ```yaml
    plugins: [../\(name.module)]
    experiment:
      base: dune
      near: {fluxes: {fhc: {model: \(name.plugin), median: 2.5}}}
    ```
    """
  }

  static func source(_ name: PluginName) -> String { name.filled(into: model) }

  private static let model = #"""
    import Foundation
    import NuTuneCore

    /// A log-normal spectrum, φ(E) = (1/√2π s E) exp(−ln²(E/E₀)/2s²) in ν/cm²/GeV/POT, cut where it is negligible: one muon
    /// neutrino per cm² and POT, and a share of antineutrinos.
    package struct __MODULE__: FluxProvider {
      /// The species it has.
      package let species: [NeutrinoSpecies] = [.numu, .numubar]
      /// Where it begins and ends, GeV: five standard deviations of ln E around the middle.
      package let breakpoints: [Double]
      private let median: Double
      private let spread: Double
      private let contamination: Double

      /// Name and parameters, said once: help, checks and documentation are made of this.
      package static let descriptor = PluginDescriptor(
        kind: .flux, name: "__PLUGIN__", summary: "A log-normal spectrum of muon neutrinos and antineutrinos.",
        parameters: [
          ParameterDeclaration(
            "median", unit: "GeV", default: .number(2), .number(0.1...20), "energy E₀ below which half of the neutrinos are"),
          ParameterDeclaration("spread", default: .number(0.4), .number(0.05...1), "standard deviation s of ln E"),
          ParameterDeclaration(
            "contamination", default: .number(0.05), .number(0...1), "antineutrinos per neutrino"),
        ],
        citations: [])

      /// The flux with the parameters of a study; they are inside their declared ranges.
      package init(_ configuration: PluginConfiguration) throws {
        median = configuration.parameters.number("median")
        spread = configuration.parameters.number("spread")
        contamination = configuration.parameters.number("contamination")
        breakpoints = [median * exp(-5 * spread), median * exp(5 * spread)]
      }

      /// Flux density in ν/cm²/GeV/POT, shape [energies]; zero outside ``breakpoints``.
      package func density(of species: NeutrinoSpecies, at energies: [Double]) throws -> [Double] {
        guard self.species.contains(species) else {
          throw NuTuneError(
            .badData, key: "channel", found: "\(species.rawValue), a channel the flux does not have",
            expected: "one of \(self.species.map(\.rawValue).joined(separator: ", "))")
        }
        let share = species == .numu ? 1 : contamination
        return energies.map { energy in
          guard energy >= breakpoints[0], energy <= breakpoints[1] else { return 0 }
          let pull = log(energy / median) / spread
          return share * exp(-pull * pull / 2) / ((2 * Double.pi).squareRoot() * spread * energy)
        }
      }
    }

    """#

  static func test(_ name: PluginName) -> String {
    #"""
      @Test("there is one neutrino per cm² and POT")
      func normalization() throws {
        let flux = try \#(name.module)(PluginConfiguration(parameters: \#(name.module).descriptor.parameters.defaults()))
        // The midpoint rule in 10⁴ steps; 6·10⁻⁷ of a normal distribution lies beyond five standard deviations.
        let (low, high) = (flux.breakpoints[0], flux.breakpoints[1])
        let step = (high - low) / 10_000
        let energies = (0..<10_000).map { low + (Double($0) + 0.5) * step }
        let integral = try flux.density(of: .numu, at: energies).reduce(0, +) * step
        #expect(abs(integral - 1) < 1e-5)
      }
    """#
  }
}
