/// Two flavours in vacuum.
enum OscillationTemplate: PluginTemplate {
  static let summary = "It comes with two-flavour oscillation of muon and tau neutrinos in vacuum."

  static func use(_ name: PluginName) -> String {
    """
    a study names it once:

    ```yaml
    plugins: [../\(name.module)]
    oscillation: {model: \(name.plugin), fit: [sin2_2theta, dm2]}
    ```
    """
  }

  static func source(_ name: PluginName) -> String { name.filled(into: model) }

  private static let model = #"""
    import Foundation
    import NuTuneCore

    /// Two flavours in vacuum: P(ν_μ → ν_τ) = sin²2θ sin²(Δm² L / 4E), electron neutrinos keep theirs, matter does nothing.
    package struct __MODULE__: OscillationModel {
      private var values: [String: Double]

      /// Name and parameters, said once: help, checks and documentation are made of this.
      package static let descriptor = PluginDescriptor(
        kind: .oscillation, name: "__PLUGIN__", summary: "Two-flavour oscillation of ν_μ and ν_τ in vacuum.",
        parameters: [
          ParameterDeclaration("sin2_2theta", default: .number(0.99), .number(0...1), "sin²2θ of the mixing angle"),
          ParameterDeclaration(
            "dm2", unit: "eV2", default: .number(2.5e-3), .number(0...0.1), "difference of the squared masses"),
        ],
        citations: [])

      /// The model with the parameters of a study; they are inside their declared ranges.
      package init(_ configuration: PluginConfiguration) throws {
        values = [
          "sin2_2theta": configuration.parameters.number("sin2_2theta"), "dm2": configuration.parameters.number("dm2"),
        ]
      }

      /// Both parameters.
      package var fittableParameters: [String] { ["sin2_2theta", "dm2"] }

      /// Value of a parameter now.
      package func value(of parameter: String) throws -> Double {
        guard let value = values[parameter] else { throw Self.unknown(parameter) }
        return value
      }

      /// Where a fit looks for a parameter: one valley in each, around the value now.
      package func fitDomain(of parameter: String) throws -> FitDomain {
        let value = try value(of: parameter)
        return parameter == "dm2"
          ? FitDomain(unit: "eV2", starts: [value], bounds: 0...0.1, scale: 2e-5)
          : FitDomain(starts: [value], bounds: 0...1, scale: 0.01)
      }

      /// The model with some parameters changed.
      package func setting(_ changes: [String: Double]) throws -> __MODULE__ {
        var copy = self
        for (parameter, value) in changes {
          guard values[parameter] != nil else { throw Self.unknown(parameter) }
          copy.values[parameter] = value
        }
        return copy
      }

      /// Probabilities ee, eμ, …, ττ, shape [9][energies], at energies in GeV.
      package func probabilities(at energies: [Double], over baseline: Baseline, helicity: Helicity) throws
        -> OscillationProbabilities
      {
        let (mixing, dm2) = (try value(of: "sin2_2theta"), try value(of: "dm2"))
        let one = [Double](repeating: 1, count: energies.count)
        let zero = [Double](repeating: 0, count: energies.count)
        let changed = energies.map { energy in
          // Δm² L / 4E with eV², km and GeV: 1/(4 ħc).
          let phase = 1.2669328 * dm2 * baseline.length / energy
          return mixing * sin(phase) * sin(phase)
        }
        let kept = changed.map { 1 - $0 }
        let rows = [one, zero, zero, zero, kept, changed, zero, changed, kept]
        return OscillationProbabilities(count: energies.count, values: rows.flatMap { $0 })
      }

      private static func unknown(_ parameter: String) -> NuTuneError {
        NuTuneError(.badData, key: parameter, found: "an unknown parameter", expected: "sin2_2theta or dm2")
      }
    }

    """#

  static func test(_ name: PluginName) -> String {
    #"""
      @Test("every muon neutrino is gone at the first maximum, but for sin²2θ")
      func maximum() throws {
        let model = try \#(name.module)(PluginConfiguration(parameters: \#(name.module).descriptor.parameters.defaults()))
        let way = Baseline(length: 295, density: 0)
        let energy = 1.2669328 * 2.5e-3 * way.length / (Double.pi / 2)
        let probabilities = try model.probabilities(at: [energy], over: way, helicity: .neutrino)
        #expect(abs(probabilities[.muon, .tau].first! - 0.99) < 1e-12)
      }
    """#
  }
}
