import ArgumentParser
import Foundation
import NuTuneCatalog
import NuTuneCore
import NuTuneExport
import NuTuneFiles
import NuTuneFolding
import NuTuneNumerics
import NuTuneTables

/// `nutune cross-section`.
struct CrossSectionCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "cross-section",
    abstract: "Prints cross sections of a model as CSV.",
    discussion: """
      Totals in 10⁻³⁸ cm² per nucleon (columns energy, sigma), or with --grid the double-differential cross section \
      in 10⁻³⁸ cm²/GeV per nucleon (columns energy, lepton_energy, cos_theta, d2sigma) at N lepton energies from the \
      lepton's mass to each neutrino energy × M cosines from −1 to 1, dense where peaks are: a table that the model \
      “tabulated” reads back. A model that was trained before is named by the folder of its run and its label, or by \
      its name in a catalog; it has the scale that it learned, which of shapes is arbitrary.

      Example:
        nutune cross-section toy-sf --channel numu --target Ar40 \\
          --energies 0.5:10:0.5 --set quasi_elastic.axial_mass=1.1
        nutune cross-section toy-sf --channel numu --target Ar40 \\
          --energies 0.3:40:10% --grid 160x110 --out toy-sf-numu.h5
        nutune cross-section runs/dune-closure#neural --channel numu --target Ar40 --energy 2
        nutune cross-section runs/many#neural --channel numu --target Ar40 --energy 2 --members 100
      """)

  @Argument(help: "A cross-section plugin, or a trained model: RUN#LABEL, or its name in a catalog.")
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
    help: ArgumentHelp("With --grid: file to write, .csv or .h5, instead of CSV to standard output.", valueName: "FILE")
  )
  var out: String?

  @Option(
    help: ArgumentHelp(
      "Of totals: draws from the posterior of a model that knows its own, whose standard deviation is a column error.",
      valueName: "N"))
  var members: Int = 0

  @Option(
    name: .customLong("set"), parsing: .singleValue,
    help: ArgumentHelp("Another value for a parameter; may be repeated.", valueName: "parameter=value"))
  var changes: [String] = []

  @OptionGroup
  var plugins: PluginOptions

  func run() throws {
    let registry = try plugins.registry()
    let request = try interpreting { try checkedRequest(registry) }
    if let shape = request.shape {
      try write(
        CrossSectionTable(
          of: request.model, reaction: request.reaction, energies: request.energies, leptons: shape.leptons,
          cosines: shape.cosines, labels: request.labels))
    } else {
      try writeTotals(request)
    }
  }

  /// Prints totals, with their standard deviation over draws where these are asked for.
  private func writeTotals(_ request: Request) throws {
    func total(_ model: any CrossSectionModel) throws -> TotalCrossSection {
      try TotalCrossSection(model: model, reaction: request.reaction)
    }
    let mean = try total(request.model)
    let draws = try ExportedModel.draws(of: request.model, members, seed: 1).map(total)
    try StandardOutput.write("energy,sigma\(draws.isEmpty ? "" : ",error")\n")
    let threads = ProcessInfo.processInfo.activeProcessorCount
    // As many rows at a time as there are threads: they appear as they are computed.
    for start in stride(from: 0, to: request.energies.count, by: threads) {
      let energies = request.energies[start..<min(start + threads, request.energies.count)]
      let rows = try Parallel.map(energies.count, threads: threads) { index in
        let energy = energies[start + index]
        let error = try draws.isEmpty ? "" : ",\(ExportedModel.deviations(draws.map { [try $0.value(at: energy)] })[0])"
        return "\(energy),\(try mean.value(at: energy))\(error)\n"
      }
      try StandardOutput.write(rows.joined())
    }
  }

  /// The checked request of the user.
  private struct Request {
    var model: any CrossSectionModel
    var reaction: Reaction
    var energies: [Double]
    var shape: GridShape?
    /// What a table is labelled with, beside the plugin.
    var labels: [String: String]
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
        expected: "one with a cross section of its own, or RUN#LABEL, one that a run tuned")
    }
    try checkMembers(plugin)
    let request = Request(
      model: plugin, reaction: reaction, energies: try energies.values(), shape: try gridShape(),
      labels: labels(of: selection))
    if let warning = selection.trained?.scaleWarning { StandardError.warn("\(model): \(warning)") }
    if request.shape != nil, !request.energies.contains(where: { $0 > reaction.species.leptonMass }) {
      throw NuTuneError(
        .usage, key: "--energies", found: "no energy above \(reaction.species.leptonMass) GeV",
        expected: "one that can make the lepton of \(channel)")
    }
    if let shape = request.shape, shape.leptons * shape.cosines * request.energies.count > CrossSectionTable.mostPoints
    {
      throw NuTuneError(
        .usage, key: "--grid", found: "\(shape.leptons * shape.cosines * request.energies.count) points",
        expected: "at most \(CrossSectionTable.mostPoints), energies × N × M")
    }
    return request
  }

  private func checkMembers(_ model: any CrossSectionModel) throws {
    guard members != 0 else { return }
    guard (2...1000).contains(members) else {
      throw NuTuneError(.usage, key: "--members", found: "\(members)", expected: "0, or 2 to 1000")
    }
    guard grid == nil else {
      throw NuTuneError(
        .usage, key: "--members", found: "--members and --grid", expected: "one of the two; `nutune export` does both")
    }
    guard let gaussian = model as? any GaussianModel, !gaussian.weightGroups.isEmpty else {
      throw NuTuneError(
        .usage, key: "--members", found: "a model that does not know its uncertainty",
        expected: "an ensemble, or a model with a posterior such as gaussian-process-sf")
    }
  }

  private func labels(of selection: PluginSelection) -> [String: String] {
    var labels = changes.isEmpty ? [:] : ["parameters": changes.joined(separator: " ")]
    labels["trained"] = selection.trained?.reference
    labels["trained_sha256"] = selection.trained?.sha256
    return labels
  }

  private func gridShape() throws -> GridShape? {
    if let out {
      guard grid != nil else {
        throw NuTuneError(.usage, key: "--out", found: "--out without --grid", expected: "both, or neither")
      }
      guard [".csv", ".h5", ".hdf5"].contains(where: out.hasSuffix) else {
        throw NuTuneError(.usage, key: "--out", found: "“\(out)”", expected: "a name that ends in .csv or .h5")
      }
    }
    guard let grid else { return nil }
    guard !total else {
      throw NuTuneError(.usage, key: "--grid", found: "--grid and --total", expected: "one of the two")
    }
    return try GridShape(grid)
  }

  private func write(_ table: CrossSectionTable) throws {
    switch out {
    case nil: try StandardOutput.write(table.csv)
    case let file? where file.hasSuffix(".csv"): try AtomicFile.write(table.csv, to: file)
    case let file?: try AtomicFile.write(to: file) { try table.writeHDF5(to: $0) }
    }
  }
}
