import ArgumentParser
import NuTuneCore
import NuTuneImport

/// `nutune import`.
struct ImportCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "import",
    abstract: "Makes a catalog entry of a published flux or measurement.",
    discussion: """
      Units and the meaning of columns are never guessed: what no option says is asked on a terminal, and named where \
      there is none. What was read is shown before it is written.

      Example:
        nutune import globes flux.txt --area m2 --per GeV --pot 1 --energy GeV \\
          --points centers --name my-nd-fhc --title "My beam" --cite my.bib
        nutune import root flux.root --histogram numu=numu_flux
        nutune import csv --help
      """,
    subcommands: [Globes.self, Root.self, Nuisance.self, HepData.self, CommaSeparated.self])
}

/// Options of every import.
struct ImportEntryOptions: ParsableArguments {
  @Option(help: "Name of the entry.")
  var name: String?

  @Option(help: "What it is, a line for people.")
  var title: String?

  @Option(help: ArgumentHelp("A BibTeX file with what to cite.", valueName: "file.bib"))
  var cite: String?

  @Flag(help: "There is nothing to cite.")
  var noCitation = false

  @Option(help: ArgumentHelp("The catalogs folder to write into; by default the nearest one.", valueName: "folder"))
  var catalog: String?

  @Flag(help: "Replace an entry of that name.")
  var force = false

  @Flag(help: "Write without asking.")
  var yes = false

  func validate() throws {
    if cite != nil, noCitation { throw ValidationError("found --cite and --no-citation; expected one of the two") }
  }

  var description: EntryDescription.Options {
    var options = EntryDescription.Options()
    (options.name, options.title, options.cite, options.hasNoCitation) = (name, title, cite, noCitation)
    return options
  }
}

/// Options of fluxes.
struct ImportFluxOptions: ParsableArguments {
  @Option(help: "Area that the flux is per: cm2 or m2.")
  var area: String?

  @Option(help: "Energy that the flux is per: GeV, 50MeV or another; bin for numbers of neutrinos in bins.")
  var per: String?

  @Option(help: "Protons on target that the flux is per: 1, 1e6, 1e21 or another number.")
  var pot: String?

  @Option(
    help: "What energies without edges are: centers of bins of one width, their lower edges, or points of a curve.")
  var points: String?

  @Option(
    help: ArgumentHelp(
      "Other bins that keep the content: edges in GeV, 0,0.5,1, or a flux table in CSV that has them.",
      valueName: "edges|file"))
  var rebin: String?

  @Option(help: "Significant digits of the entry; by default all.")
  var digits: Int?

  func options(columns: [String], energy: String?) -> FluxImport.Options {
    var options = FluxImport.Options()
    options.units = FluxUnits.Options(area: area, per: per, pot: pot, energy: energy)
    (options.columns, options.points, options.rebin, options.digits) = (columns, points, rebin, digits)
    return options
  }
}

/// Unit of energies.
struct ImportEnergyOption: ParsableArguments {
  @Option(help: "Unit of energies and momenta in the file: GeV or MeV.")
  var energy: String?
}

/// Options of measurements.
struct ImportMeasurementOptions: ParsableArguments {
  @Option(help: "Neutrino of a measurement: numu, numubar, nue or nuebar.")
  var channel: String?

  @Option(help: "Nucleus of a measurement, CH.")
  var target: String?

  @Option(help: "Flux entry over which a measurement is averaged.")
  var flux: String?

  @Option(help: "Unit of values and errors, 1e-39 cm2/GeV/nucleon.")
  var unit: String?

  @Option(
    parsing: .singleValue,
    help: ArgumentHelp(
      "Covariance of a measurement: a matrix in a text file, FILE.root:OBJECT, a HEPData FILE.yaml or FILE.yaml:NAME. "
        + "Several add up.", valueName: "file"))
  var covariance: [String] = []

  @Option(
    parsing: .singleValue,
    help: "Unit of which a covariance has the square, as for --unit; or relative. Once for all or once for each.")
  var covarianceUnit: [String] = []

  @Option(
    parsing: .singleValue,
    help: ArgumentHelp(
      "Rows of a larger matrix that belong to the bins: 58-115 (counted from 0), inner, or flow:12x13. Once for all or "
        + "once for each.", valueName: "rows"))
  var covarianceRows: [String] = []

  @Flag(help: "There is no covariance.")
  var noCovariance = false

  @Option(
    parsing: .singleValue,
    help: ArgumentHelp(
      "Range of an observable that all bins of a file share, once for each file.", valueName: "observable=low:high"))
  var slice: [String] = []

  func validate() throws {
    if !covariance.isEmpty, noCovariance {
      throw ValidationError("found --covariance and --no-covariance; expected one of the two")
    }
  }

  func options(columns: [String], energy: String?) -> MeasurementImport.Options {
    var options = MeasurementImport.Options()
    (options.columns, options.slices, options.energy) = (columns, slice, energy)
    (options.channel, options.target, options.flux, options.unit) = (channel, target, flux, unit)
    (options.covariance, options.covarianceUnit, options.covarianceRows) = (covariance, covarianceUnit, covarianceRows)
    options.hasNoCovariance = noCovariance
    return options
  }
}

/// Options of formats whose tables may hold fluxes or measurements.
struct ImportTableOptions: ParsableArguments {
  @Argument(help: "The tables.")
  var files: [String]

  @Option(name: .customLong("as"), help: "What the tables are: a flux or a measurement.")
  var kind: String?

  @Option(
    parsing: .unconditionalSingleValue,
    help: ArgumentHelp(
      "What each column is, in turn: low, high, center, offaxis, numu, … or - in a flux; lepton_momentum.low, …, value, "
        + "error, row or - in a measurement. Once for all files or once for each.", valueName: "names"))
  var columns: [String] = []

  @Flag(help: "The files stand beside one another, as bins and values in two: one table with the columns of all.")
  var beside = false

  @OptionGroup var energy: ImportEnergyOption
  @OptionGroup(title: "Flux") var flux: ImportFluxOptions
  @OptionGroup(title: "Measurement") var measurement: ImportMeasurementOptions
  @OptionGroup(title: "Entry") var entry: ImportEntryOptions

  func validate() throws {
    guard columns.count <= 1 || (columns.count == files.count && !beside) else {
      throw ValidationError(
        "--columns: found \(columns.count) lists; expected one"
          + (beside ? " for all files together" : ", or \(files.count), one for each file"))
    }
  }

  /// Imports tables that were read.
  /// - Parameter record: options of the format that made them what they are.
  func run(_ tables: [ColumnTable], format: String, record: [(option: String, text: String)] = []) throws {
    var flux = flux.options(columns: columns, energy: energy.energy)
    var measurement = measurement.options(columns: columns, energy: energy.energy)
    let record = record + (beside ? [("beside", "true")] : [])
    (flux.record, measurement.record) = (record, record)
    try ImportSession(entry).run(
      beside ? [try ColumnTable(beside: tables)] : tables, kind: kind, flux: flux, measurement: measurement,
      format: format, files: files)
  }
}
