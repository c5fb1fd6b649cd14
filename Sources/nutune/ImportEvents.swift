import ArgumentParser
import NuTuneImport

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
        where the file has one.

        Example:
          nutune import events genie.hepmc3.gz --format nuhepmc \\
            --channel numu --target Ar40 --flux dune-nd-fhc \\
            --observables lepton_energy,cos_theta \\
            --binning 0.5:5:0.25 --binning -1,0,0.5:1:0.05 \\
            --name genie-ar40 --title "GENIE, DUNE ND" --no-citation
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

    @OptionGroup(title: "Entry") var entry: ImportEntryOptions

    func run() throws {
      var options = EventImport.Options()
      (options.channel, options.target, options.flux) = (channel, target, flux)
      (options.observables, options.binning) = (observables, binning)
      (options.crossSection, options.fewest) = (crossSection, fewest)
      try ImportSession(entry).runEvents(files, options, format: format)
    }
  }
}
