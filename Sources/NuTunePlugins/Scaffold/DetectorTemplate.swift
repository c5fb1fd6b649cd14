/// An efficiency that turns on with energy.
enum DetectorTemplate: PluginTemplate {
  static let summary =
    "It comes with an efficiency that turns on with the lepton's energy; what is found is measured as it is."

  static func use(_ name: PluginName) -> String {
    """
    an experiment names it for one of its sites:

    ```yaml
    plugins: [../\(name.module)]
    experiment:
      base: dune
      near: {detector: {model: \(name.plugin), threshold: 0.4}}
    ```
    """
  }

  static func source(_ name: PluginName) -> String { name.filled(into: model) }

  private static let model = #"""
    import Foundation
    import NuTuneCore

    /// A detector that finds a lepton with the probability
    ///
    ///     ε(x) = plateau / (1 + exp(−(x − threshold)/width)),
    ///
    /// x its energy or momentum, taken at the centre of the bin, and measures it as it is.
    package struct __MODULE__: Detector {
      private let plateau: Double
      private let threshold: Double
      private let width: Double

      /// Name and parameters, said once: help, checks and documentation are made of this.
      package static let descriptor = PluginDescriptor(
        kind: .detector, name: "__PLUGIN__", summary: "An efficiency that turns on with the lepton's energy.",
        parameters: [
          ParameterDeclaration("plateau", default: .number(0.9), .number(0...1), "efficiency far above the threshold"),
          ParameterDeclaration(
            "threshold", unit: "GeV", default: .number(0.3), .number(0...10), "where half of the plateau is reached"),
          ParameterDeclaration(
            "width", unit: "GeV", default: .number(0.1), .number(0.001...10), "how slowly the efficiency turns on"),
        ],
        citations: [])

      /// The detector with the parameters of a study; they are inside their declared ranges.
      package init(_ configuration: PluginConfiguration) throws {
        plateau = configuration.parameters.number("plateau")
        threshold = configuration.parameters.number("threshold")
        width = configuration.parameters.number("width")
      }

      /// The measured bins: nothing migrates.
      package func trueBinning(for measured: Binning) throws -> Binning {
        let observable = measured.observableNames[0]
        guard [.leptonEnergy, .leptonMomentum].contains(observable) else {
          throw NuTuneError(
            .badData, key: "binning", found: "bins in \(observable.rawValue)",
            expected: "bins in lepton_energy or lepton_momentum, on which the efficiency depends")
        }
        return measured
      }

      /// One row for each measured bin: its own true bin with the efficiency.
      package func response(for measured: Binning) throws -> DetectorResponse {
        let trueBins = try trueBinning(for: measured)
        return .rows(
          (0..<trueBins.count).map { bin in
            let energies = trueBins.ranges(of: bin).first
            return [(trueBin: bin, probability: efficiency(at: (energies.lowerBound + energies.upperBound) / 2))]
          })
      }

      /// ε at an energy or momentum in GeV.
      func efficiency(at value: Double) -> Double { plateau / (1 + exp(-(value - threshold) / width)) }
    }

    """#

  static func test(_ name: PluginName) -> String {
    #"""
      @Test("half of the plateau is reached at the threshold")
      func threshold() throws {
        let detector = try \#(name.module)(
          PluginConfiguration(parameters: \#(name.module).descriptor.parameters.defaults()))
        #expect(abs(detector.efficiency(at: 0.3) - 0.45) < 1e-12)
        #expect(abs(detector.efficiency(at: 5) - 0.9) < 1e-12)
      }
    """#
  }
}
