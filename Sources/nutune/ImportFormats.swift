import ArgumentParser
import NuTuneCore
import NuTuneImport

extension ImportCommand {
  /// `nutune import globes`.
  struct Globes: ParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "globes",
      abstract: "A GLoBES flux file: columns E, nue, numu, nutau, nuebar, numubar, nutaubar.",
      discussion: """
        GLoBES itself draws straight lines between the energies (--points curve); tables made from histograms have the \
        centres of their bins (--points centers).

        Example:
          nutune import globes flux.txt --area m2 --per GeV --pot 1 --energy GeV \\
            --points centers --name my-nd-fhc --title "My beam" --cite my.bib
        """)

    @Argument(help: "The flux file.", completion: .file())
    var file: String

    @OptionGroup var energy: ImportEnergyOption
    @OptionGroup(title: "Flux") var flux: ImportFluxOptions
    @OptionGroup(title: "Entry") var entry: ImportEntryOptions

    func run() throws {
      let table = try ColumnTable(globes: file)
      for name in ["nutau", "nutaubar"] where table.hasContent(name) {
        StandardError.warn("\(file): the column \(name) is not zero and is left out: no species of ours")
      }
      try ImportSession(entry).runFlux(
        [table],
        flux.options(columns: ["center,nue,numu,-,nuebar,numubar,-"], energy: energy.energy), format: "globes",
        files: [file])
    }
  }

  /// `nutune import root`.
  struct Root: ParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "root",
      abstract: "Histograms (TH1) or graphs (TGraph) of a ROOT file, one for each species.",
      discussion: """
        Read by uproot: with the Python that NUTUNE_PYTHON names, otherwise in an environment of its own that is prepared \
        once and needs a network for that.

        Example:
          nutune import root flux.root \\
            --histogram numu=numu_flux --histogram nue=nue_flux \\
            --area m2 --per bin --pot 1 --energy GeV \\
            --name my-nd-fhc --title "My beam" --cite my.bib
        """)

    @Argument(help: "The ROOT file.", completion: .file())
    var file: String

    @Option(
      parsing: .singleValue,
      help: ArgumentHelp(
        "The histogram or graph of a species; may be repeated. Without it, what the file holds is listed.",
        valueName: "species=object"))
    var histogram: [String] = []

    @OptionGroup var energy: ImportEnergyOption
    @OptionGroup(title: "Flux") var flux: ImportFluxOptions
    @OptionGroup(title: "Entry") var entry: ImportEntryOptions

    func run() throws {
      let session = ImportSession(entry)
      let python = try session.python()
      var interview = session.interview()
      let choice = try session.histograms(given: histogram, &interview) {
        try RootFile.contents(of: file, python: python)
      }
      let root = choice.isEmpty ? nil : try RootFile(file, names: choice.map(\.object), python: python)
      let tables = try choice.map { one in
        guard let object = root?.objects[one.object] else {
          throw NuTuneError(.runtime, key: one.object, found: "no such object in the answer of Python", expected: "one")
        }
        return try ColumnTable(object, name: one.object, axes: root?.axes[one.object] ?? [], file: file)
      }
      for one in choice {
        let titles = (root?.titles[one.object] ?? []).map { "“\($0)”" }
        if !titles.isEmpty { StandardError.note("\(one.object) has the titles \(titles.joined(separator: ", "))") }
      }
      let columns = zip(tables, choice).map {
        ($0.names.first == "center" ? "center" : "low,high") + ",\($1.species.rawValue)"
      }
      var options = flux.options(columns: columns, energy: energy.energy)
      options.hints = choice.compactMap { root?.flow[$0.object]?.sentence(of: $0.object) }
      try session.runFlux(tables, options, format: "root", files: [file], &interview)
    }
  }

  /// `nutune import nuisance`.
  struct Nuisance: ParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "nuisance",
      abstract: "Tables of numbers without header, separated by blanks, commas or brackets.",
      discussion: """
        The text files of NUISANCE's data folder and of the releases it copies: fluxes in two or three columns, bins with \
        values and errors, matrices. Brackets, bars and the dash of a range (0 | 0.6 - 0.7 | 2.1) separate as blanks do.

        Example:
          nutune import nuisance flux.txt --as flux --skip 1 \\
            --columns -,low,high,numu \\
            --area cm2 --per 50MeV --pot 5.7e20 --energy GeV \\
            --name my-flux --title "My flux" --no-citation
          nutune import nuisance data.txt --as measurement --skip 1 \\
            --columns \\
            -,theta.low,theta.high,lepton_momentum.low,lepton_momentum.high,value,error \\
            --unit "1e-39 cm2/GeV/deg/nucleon" --energy GeV \\
            --covariance covariance.txt --covariance-unit cm2/GeV/deg/nucleon \\
            --channel numu --target CH --flux my-flux
        """)

    @Option(help: "Number of lines at the top of each file that belong to no table; lines that start with # never do.")
    var skip = 0

    @Option(
      help: ArgumentHelp(
        "Number of lines that hold a column each, where a table lies on its side; those below are left out.",
        valueName: "lines"))
    var transposed: Int?

    @Option(
      help: ArgumentHelp(
        "Edges of the bins of a table without any, which become its columns low and high: 0,0.5,1 or 0:20:0.5.",
        valueName: "edges"))
    var bins: String?

    @OptionGroup var table: ImportTableOptions

    func validate() throws {
      guard (0...1000).contains(skip) else { throw ValidationError("--skip: found \(skip); expected 0 to 1000") }
      guard transposed.map((1...1000).contains) ?? true else {
        throw ValidationError("--transposed: found \(transposed ?? 0); expected 1 to 1000")
      }
    }

    func run() throws {
      let edges = try bins.map(EnergyEdges.read)
      let tables = try table.files.map { file in
        let read = try ColumnTable(blankSeparated: file, skip: skip, transposed: transposed)
        return try edges.map { try read.withBins($0) } ?? read
      }
      let record = [
        skip == 0 ? nil : ("skip", "\(skip)"), transposed.map { ("transposed", "\($0)") }, bins.map { ("bins", $0) },
      ]
      try table.run(tables, format: "nuisance", record: record.compactMap { $0 })
    }
  }

  /// `nutune import hepdata`.
  struct HepData: ParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "hepdata",
      abstract: "Tables of a HEPData submission in YAML.",
      discussion: """
        An independent variable with bins has two columns, a dependent one its values and a column for each label of its \
        errors. One file for each slice in the other observable: --slice gives its range.

        Example:
          nutune import hepdata table1.yaml table2.yaml --as measurement \\
            --columns lepton_momentum.low,lepton_momentum.high,value,error \\
            --slice cos_theta=0.8:0.9 --slice cos_theta=0.9:1 \\
            --unit "1e-39 cm2/GeV/nucleon" --energy GeV \\
            --covariance covariance.yaml --covariance-unit "1e-39 cm2/GeV/nucleon" \\
            --channel numu --target CH --flux my-flux
        """)

    @OptionGroup var table: ImportTableOptions

    func run() throws {
      try table.run(try table.files.map { try ColumnTable(hepData: $0) }, format: "hepdata")
    }
  }

  /// `nutune import csv`.
  struct CommaSeparated: ParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "csv",
      abstract: "Tables in CSV with a header.",
      discussion: """
        Example:
          nutune import csv flux.csv --as flux \\
            --columns low,high,numu,numubar,nue,nuebar \\
            --area cm2 --per GeV --pot 1 --energy GeV \\
            --name my-nd-fhc --title "My beam" --cite my.bib
        """)

    @OptionGroup var table: ImportTableOptions

    func run() throws {
      try table.run(try table.files.map { try ColumnTable(commaSeparated: $0) }, format: "csv")
    }
  }
}
