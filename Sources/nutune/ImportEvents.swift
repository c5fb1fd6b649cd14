import ArgumentParser
import NuTuneCore
import NuTuneFiles
import NuTuneImport
import NuTuneTables

extension EventFile.Format: ExpressibleByArgument {}

extension ImportCommand {
  /// `nutune import events`.
  struct Events: ParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "events",
      abstract: "Events of a generator: the cross section in bins of their leptons.",
      discussion: """
        Makes a measurement entry, which a study takes under data:, of the charged currents in NuHepMC files (HepMC3's \
        ASCII, plain or gzip), GENIE's gst trees or NUISANCE's flat trees; ROOT files are read by uproot. All files are \
        events of one flux, neutrino and target. Errors are those of the number of events, and of the mean cross section \
        where the file has one. With --table, files whose neutrinos have one energy each make a table of d²σ instead, \
        which the model “tabulated” reads, and its statistical errors beside it.

        Example:
          nutune import events genie.hepmc3.gz --format nuhepmc \\
            --channel numu --target Ar40 --flux dune-nd-fhc \\
            --observables lepton_energy,cos_theta \\
            --binning 0.5:5:0.25 --binning -1,0,0.5:1:0.05 \\
            --name genie-ar40 --title "GENIE, DUNE ND" --no-citation
          nutune import events 1gev.hepmc3 2gev.hepmc3 4gev.hepmc3 --format nuhepmc \\
            --channel numu --target Ar40 --table genie-numu.h5
        """)

    @Argument(help: "The files.", completion: .file())
    var files: [String]

    @Option(help: "nuhepmc, gst or nuisance.")
    var format: EventFile.Format

    @Option(help: "Neutrino of the events: numu, numubar, nue or nuebar.")
    var channel: String?

    @Option(help: "Nucleus of the events, Ar40.")
    var target: String?

    @Option(help: "Flux entry of the events.")
    var flux: String?

    @Option(help: ArgumentHelp("Two observables of the lepton.", valueName: "name,name"))
    var observables: String?

    @Option(
      parsing: .unconditionalSingleValue,
      help: ArgumentHelp("Edges of the bins, once for each observable: -1,0,0.5:1:0.1.", valueName: "edges"))
    var binning: [String] = []

    @Option(
      help: ArgumentHelp(
        "Cross section of all events averaged over the flux, 0.95e-38 cm2/nucleon, where the files do not say it.",
        valueName: "text"))
    var crossSection: String?

    @Option(help: ArgumentHelp("Bins with fewer events are left out.", valueName: "N"))
    var fewest = 25.0

    @Option(
      help: ArgumentHelp(
        "Write a table of d²σ of files of one energy each, .csv or .h5, in place of an entry.", valueName: "FILE"))
    var table: String?

    @Option(help: ArgumentHelp("Bins of --table in the lepton's energy × cosine at each energy.", valueName: "NxM"))
    var grid = "40x30"

    @OptionGroup(title: "Entry") var entry: ImportEntryOptions

    func run() throws {
      if let table { return try writeTable(table) }
      var options = EventImport.Options()
      (options.channel, options.target, options.flux) = (channel, target, flux)
      (options.observables, options.binning) = (observables, binning)
      (options.crossSection, options.fewest) = (crossSection, fewest)
      try ImportSession(entry).runEvents(files, options, format: format)
    }

    /// Writes the table of d²σ and, beside it, that of its errors.
    private func writeTable(_ file: String) throws {
      let unused = [("--flux", flux), ("--observables", observables), ("--binning", binning.first)]
      if let (key, _) = unused.first(where: { $0.1 != nil }) {
        throw NuTuneError(.usage, key: key, found: "\(key) beside --table", expected: "one of the two")
      }
      guard let ending = [".csv", ".h5", ".hdf5"].first(where: file.hasSuffix) else {
        throw NuTuneError(.usage, key: "--table", found: "“\(file)”", expected: "a name that ends in .csv or .h5")
      }
      guard let channel, let target else {
        throw NuTuneError(
          .usage, key: "--table", found: "no \(channel == nil ? "--channel" : "--target")",
          expected: "both with --table")
      }
      let shape = try GridShape(grid)
      let table = try EventTable(
        files, format: format,
        reaction: Reaction(
          species: try NeutrinoSpecies(named: channel, key: "--channel"),
          target: try Target(named: target, key: "--target")),
        shape: (shape.leptons, shape.cosines), crossSection: crossSection,
        python: { try PythonWithUproot.find(say: StandardError.note) })
      try StandardOutput.write(table.summary)
      let errors = String(file.dropLast(ending.count)) + "-errors" + ending
      for (name, content) in [(errors, table.errors), (file, table.values)] {
        if ending == ".csv" {
          try AtomicFile.write(content.csv, to: name)
        } else {
          try AtomicFile.write(to: name) { try content.writeHDF5(to: $0) }
        }
        try StandardOutput.write("wrote \(name)\n")
      }
    }
  }
}
