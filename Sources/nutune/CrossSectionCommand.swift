import ArgumentParser
import BuiltInPlugins
import NuTuneCore
import NuTuneFolding
import NuTuneStudy

/// `nutune cross-section`.
struct CrossSectionCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "cross-section",
    abstract: "Prints cross sections of a model as CSV.",
    discussion: """
      Totals in 10⁻³⁸ cm² per nucleon (columns energy, sigma), or with --grid the double-differential cross section \
      in 10⁻³⁸ cm²/GeV per nucleon at the centres of N lepton energies × M cosines (columns energy, lepton_energy, \
      cos_theta, d2sigma).

      Example:
        nutune cross-section toy-sf --channel numu --target Ar40 \\
          --energies 0.5:10:0.5 --set quasi_elastic.axial_mass=1.1
      """)

  @Argument(help: "A cross-section plugin.")
  var model: String

  @Option(help: "numu, numubar, nue or nuebar.")
  var channel: String

  @Option(help: "The nucleus, Ar40, C12, CH, ….")
  var target: String

  @OptionGroup
  var energies: EnergyOptions

  @Flag(help: "Total cross sections (the default).")
  var total = false

  @Option(help: ArgumentHelp("Double-differential on a grid of lepton energies × cosines.", valueName: "NxM"))
  var grid: String?

  @Option(
    name: .customLong("set"), parsing: .singleValue,
    help: ArgumentHelp("Another value for a parameter; may be repeated.", valueName: "parameter=value"))
  var changes: [String] = []

  func run() throws {
    let registry = try BuiltInPlugins.registry()
    let request = try interpreting { try checkedRequest(registry) }
    if let shape = request.shape {
      try StandardOutput.write("energy,lepton_energy,cos_theta,d2sigma\n")
      for energy in request.energies { try writeGrid(request.model, request.reaction, energy, shape) }
    } else {
      let integral = try TotalCrossSection(model: request.model, reaction: request.reaction)
      try StandardOutput.write("energy,sigma\n")
      for energy in request.energies { try StandardOutput.write("\(energy),\(try integral.value(at: energy))\n") }
    }
  }

  /// What was asked for, checked.
  private struct Request {
    var model: any CrossSectionModel
    var reaction: Reaction
    var energies: [Double]
    var shape: (leptons: Int, cosines: Int)?
  }

  private func checkedRequest(_ registry: Registry) throws -> Request {
    let selection = try PluginSelection.plugin(
      .crossSection, named: model, explicit: try changes.map { try StudyOverride($0) }, registry: registry)
    let plugin: any CrossSectionModel = try selection.make(registry)
    let reaction = Reaction(
      species: try NeutrinoSpecies(named: channel, key: "--channel"),
      target: try Target(named: target, key: "--target"))
    try plugin.check([reaction])
    guard !(plugin is any TunableModel) else {
      throw NuTuneError(
        .usage, key: model, found: "a model that has to be tuned first",
        expected: "one with a cross section of its own; tuned models are compared by nutune run")
    }
    return Request(model: plugin, reaction: reaction, energies: try energies.values(), shape: try gridShape())
  }

  private func gridShape() throws -> (leptons: Int, cosines: Int)? {
    guard let grid else { return nil }
    guard !total else {
      throw NuTuneError(.usage, key: "--grid", found: "--grid and --total", expected: "one of the two")
    }
    let parts = grid.split(separator: "x", omittingEmptySubsequences: false).map { Int($0) ?? 0 }
    guard parts.count == 2, parts.allSatisfy({ (1...100_000).contains($0) }), parts[0] * parts[1] <= 100_000_000 else {
      throw NuTuneError(.usage, key: "--grid", found: "“\(grid)”", expected: "NxM, as in 40x20")
    }
    return (parts[0], parts[1])
  }

  private func writeGrid(
    _ model: any CrossSectionModel, _ reaction: Reaction, _ energy: Double, _ shape: (leptons: Int, cosines: Int)
  ) throws {
    let mass = reaction.species.leptonMass
    guard energy > mass else { return }
    for row in 0..<shape.leptons {
      let leptonEnergy = mass + (energy - mass) * (Double(row) + 0.5) / Double(shape.leptons)
      var points = KinematicPoints()
      for column in 0..<shape.cosines {
        points.append(
          neutrinoEnergy: energy, leptonEnergy: leptonEnergy,
          cosTheta: -1 + 2 * (Double(column) + 0.5) / Double(shape.cosines))
      }
      let values = try model.crossSection(of: reaction, at: points)
      let lines = zip(points.cosTheta, values).map { "\(energy),\(leptonEnergy),\($0),\($1)\n" }
      try StandardOutput.write(lines.joined())
    }
  }
}
