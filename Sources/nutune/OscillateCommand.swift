import ArgumentParser
import NuTuneCatalog
import NuTuneCore
import NuTuneTables

/// `nutune oscillate`.
struct OscillateCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "oscillate",
    abstract: "Prints oscillation probabilities as CSV.",
    discussion: """
      Columns energy, Pee, Pem, …, Ptt, where Pme is P(ν_μ → ν_e); density 0 is vacuum.

      Example:
        nutune oscillate --baseline 1284.9 --density 2.848 \\
          --energies 0.5:5:0.1 --preset nufit-6.0-no --set sin2_theta23=0.5
      """)

  @Option(help: ArgumentHelp("Way from source to detector in km.", valueName: "km"))
  var baseline: Double

  @Option(help: ArgumentHelp("Density of the matter on the way in g/cm³.", valueName: "g/cm3"))
  var density: Double

  @Option(help: "Electrons per nucleon of that matter.")
  var electronFraction: Double = 0.5

  @OptionGroup
  var energies: EnergyOptions

  @Option(help: "An oscillation plugin.")
  var model: String = "three-flavor"

  @Option(help: "A catalog entry with oscillation parameters; the defaults of the plugin when left out.")
  var preset: String?

  @Option(
    name: .customLong("set"), parsing: .singleValue,
    help: ArgumentHelp("Another value for a parameter; may be repeated.", valueName: "parameter=value"))
  var changes: [String] = []

  @OptionGroup
  var plugins: PluginOptions

  @Option(help: "Physical constants, codata or nufast.")
  var constants: String?

  @Flag(help: "Antineutrinos.")
  var antineutrino = false

  func run() throws {
    let registry = try plugins.registry()
    let request = try interpreting { try checkedRequest(registry) }
    try StandardOutput.write(OscillationProbabilities.csvHeader)
    let batch = 4096
    for start in stride(from: 0, to: request.energies.count, by: batch) {
      let part = Array(request.energies[start..<min(start + batch, request.energies.count)])
      let result = try request.model.probabilities(
        at: part, over: request.way, helicity: antineutrino ? .antineutrino : .neutrino)
      try StandardOutput.write(result.csvRows(at: part))
    }
  }

  /// The checked request of the user.
  private struct Request {
    var model: any OscillationModel
    var way: Baseline
    var energies: [Double]
  }

  private func checkedRequest(_ registry: Registry) throws -> Request {
    var explicit = try changes.map { try StudyOverride($0) }
    if let constants { explicit.append(try StudyOverride("constants=\(constants)")) }
    let selection = try PluginSelection.oscillation(
      model: model, preset: preset, explicit: explicit, registry: registry, catalog: Catalog.find())
    return Request(model: try selection.make(registry), way: try way(), energies: try energies.values())
  }

  private func way() throws -> Baseline {
    func check(_ value: Double, _ key: String, _ range: ClosedRange<Double>, _ expected: String) throws {
      guard value.isFinite, range.contains(value) else {
        throw NuTuneError(.usage, key: key, found: "\(value)", expected: expected)
      }
    }
    try check(baseline, "--baseline", 0...1e12, "a number ≥ 0 in km")
    try check(density, "--density", 0...1e3, "a number ≥ 0 in g/cm³")
    try check(electronFraction, "--electron-fraction", 0...1, "a number from 0 to 1")
    return Baseline(length: baseline, density: density, electronFraction: electronFraction)
  }
}
