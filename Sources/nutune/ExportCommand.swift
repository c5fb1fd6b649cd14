import ArgumentParser
import NuTuneCatalog
import NuTuneCore
import NuTuneExport
import NuTuneImport

/// `nutune export`.
struct ExportCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "export",
    abstract: "Writes a finished run, or a model of it, for other programs.",
    discussion: """
      csv: d²σ, σ(E), distributions, contours, covariances. hdf5: d²σ for the model “tabulated”. uhi: histograms with \
      variances. hepdata: a submission. globes: σ/E. hadron-tensor: tables of GENIE. lhapdf: grids of F2, FL, xF3. \
      safetensors: weights and card. root: TH2D and contours, through uproot. A model that learned a shape is given \
      the near-detector rate; every file says so, or that its scale is arbitrary. Without a label all models of the \
      run are written; “truth” is the label of the model that made the data.

      Example:
        nutune export runs/dune-closure#neural --format hdf5 --out tables
        nutune export runs/dune-closure --format hepdata --out submission
      """)

  @Argument(
    help: ArgumentHelp("Folder of a run, RUN#LABEL for one model, or a name of the catalog.", valueName: "run"),
    completion: .directory)
  var source: String

  @Option(help: "csv, hdf5, uhi, hepdata, globes, hadron-tensor, lhapdf, safetensors or root.")
  var format: String

  @Option(help: ArgumentHelp("Folder to write to; files in it are replaced.", valueName: "DIR"), completion: .directory)
  var out: String

  @OptionGroup
  var energies: EnergyOptions

  @Option(help: ArgumentHelp("Lepton energies × cosines of tables of d²σ.", valueName: "NxM"))
  var grid: String = "80x60"

  @Option(
    help: ArgumentHelp(
      "Draws from the posterior of a model that knows its own, for errors and members.", valueName: "N"))
  var members: Int = 0

  @Option(help: "Seed of these draws.")
  var seed: Int = 1

  @Option(parsing: .singleValue, help: "A channel instead of those of the study; may be repeated.")
  var channel: [String] = []

  @Option(help: "Another nucleus than that of the study's experiment.")
  var target: String?

  @Option(help: ArgumentHelp("Smallest steps of hadron tensors in q0 and |q|, in GeV.", valueName: "GEV"))
  var spacing: Double = 0.002

  @Option(help: ArgumentHelp("Largest q0 of hadron tensors in GeV.", valueName: "GEV"))
  var reach: Double = 3

  @OptionGroup
  var jobs: JobsOption

  @OptionGroup
  var plugins: PluginOptions

  func run() throws {
    let (kind, settings) = try interpreting {
      (try ExportFormat(named: format, key: "--format"), try checkedSettings())
    }
    let catalog = Catalog.find()
    guard !ExportedModel.isTrained(source, catalog: catalog) else { return try writeTrained(kind, settings, catalog) }
    let reference = try RunReference(source)
    let registry = try plugins.registry(
      forFolder: reference.folder, plannedWith: try ExportedRun.plugins(of: reference))
    let run = try ExportedRun(reference, registry: registry, catalog: Catalog.find(near: reference.folder))
    let files = try Export.write(
      run, as: kind, settings: settings, to: out,
      runScript: { try PythonWithUproot.find(say: StandardError.note).run(script: $0, $1) }, skip: StandardError.warn)
    try say(files)
  }

  /// Writes a model of an ensemble, or one of the catalog.
  private func writeTrained(_ kind: ExportFormat, _ settings: ExportSettings, _ catalog: Catalog) throws {
    let registry = try plugins.registry()
    try say(
      interpreting {
        try Export.write(
          ExportedModel(trained: source, registry: registry, catalog: catalog, settings: settings),
          weights: TrainedModelFiles(of: source, in: "", catalog: catalog), as: kind, settings: settings, to: out)
      })
  }

  private func say(_ files: [ExportedFile]) throws {
    for file in files { try StandardOutput.write("\(FilePath.join(out, file.name)): \(file.note)\n") }
  }

  private func checkedSettings() throws -> ExportSettings {
    var settings = ExportSettings()
    if !energies.energy.isEmpty || energies.energies != nil { settings.energies = try energies.values().sorted() }
    let shape = try GridShape(grid)
    (settings.leptons, settings.cosines) = (shape.leptons, shape.cosines)
    guard (0...1000).contains(members), members != 1 else {
      throw NuTuneError(.usage, key: "--members", found: "\(members)", expected: "0, or 2 to 1000")
    }
    guard seed >= 0 else { throw NuTuneError(.usage, key: "--seed", found: "\(seed)", expected: "0 or more") }
    guard (0.0005...0.1).contains(spacing) else {
      throw NuTuneError(.usage, key: "--spacing", found: "\(spacing)", expected: "0.0005 to 0.1 GeV")
    }
    guard (0.2...30).contains(reach) else {
      throw NuTuneError(.usage, key: "--reach", found: "\(reach)", expected: "0.2 to 30 GeV")
    }
    (settings.members, settings.seed, settings.threads) = (members, UInt64(seed), jobs.jobs)
    (settings.spacing, settings.reach) = (spacing, reach)
    if !channel.isEmpty { settings.channels = try channel.map { try NeutrinoSpecies(named: $0, key: "--channel") } }
    settings.target = try target.map { try Target(named: $0, key: "--target") }
    return settings
  }
}
