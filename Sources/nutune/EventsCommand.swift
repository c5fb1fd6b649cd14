import ArgumentParser
import NuTuneCatalog
import NuTuneCore
import NuTuneFiles
import NuTuneFolding
import NuTuneTables

/// `nutune events`.
struct EventsCommand: ParsableCommand {
  /// Layouts of the file.
  enum Format: String, ExpressibleByArgument, CaseIterable {
    case nuhepmc, csv
  }

  static let configuration = CommandConfiguration(
    commandName: "events",
    abstract: "Draws events of a model in a flux, as a file.",
    discussion: """
      Unweighted events with a charged lepton each, from flux times d²σ of any model that has a cross section of its \
      own. The file is NuHepMC 1.0 in HepMC3's ASCII, or CSV with the columns neutrino_energy, lepton_energy, cos_theta. It \
      holds the cross section averaged over the flux, too. The same seed gives the same events.

      Example:
        nutune events toy-sf --flux dune-nd-fhc --channel numu --target Ar40 \\
          --events 100000 --out toy-sf.hepmc3
      """)

  @Argument(help: "A cross-section plugin.")
  var model: String

  @Option(help: ArgumentHelp("A flux of the catalog.", valueName: "name"))
  var flux: String

  @Option(help: "numu, numubar, nue or nuebar.")
  var channel: String

  @Option(help: "The nucleus, Ar40, C12, CH, ….")
  var target: String

  @Option(help: ArgumentHelp("Number of events.", valueName: "N"))
  var events: Int

  @Option(help: "Seed of the random numbers.")
  var seed: UInt64 = 1

  @Option(help: "nuhepmc or csv.")
  var format: Format = .nuhepmc

  @Option(help: ArgumentHelp("The file to write.", valueName: "FILE"))
  var out: String

  @Option(
    help: ArgumentHelp(
      "Neutrino energies in GeV to which the flux is cut, also in the average; all by default.", valueName: "lo:hi"))
  var range: String?

  @Option(
    name: .customLong("set"), parsing: .singleValue,
    help: ArgumentHelp("Another value for a parameter; may be repeated.", valueName: "parameter=value"))
  var changes: [String] = []

  @OptionGroup
  var plugins: PluginOptions

  @OptionGroup
  var jobs: JobsOption

  /// Largest number of events of a file: 100 million take 40 GB.
  private static let mostEvents = 100_000_000

  func run() throws {
    let registry = try plugins.registry()
    let sampler = try interpreting { try prepared(registry) }
    let mean = try sampler.meanCrossSection(threads: jobs.jobs)
    let histogram = try sampler.fluxHistogram()
    let description = EventRun(
      reaction: sampler.reaction, meanCrossSection: mean.value, meanError: mean.error, fluxEdges: histogram.edges,
      fluxDensities: histogram.densities, version: NuTuneVersion.current, provenance: provenance)
    var record = EventSampler.Record()
    try AtomicFile.write(to: out) { path in
      switch format {
      case .nuhepmc:
        let file = try NuHepMCWriter(path, description)
        record = try sampler.sample(events, seed: seed, threads: jobs.jobs) { part in
          for event in part {
            try file.write(
              neutrinoEnergy: event.neutrinoEnergy, leptonEnergy: event.leptonEnergy, cosTheta: event.cosTheta,
              azimuth: event.azimuth)
          }
        }
        try file.close()
      case .csv:
        let file = try EventTableWriter(path, description)
        record = try sampler.sample(events, seed: seed, threads: jobs.jobs) { part in
          for event in part {
            try file.write(
              neutrinoEnergy: event.neutrinoEnergy, leptonEnergy: event.leptonEnergy, cosTheta: event.cosTheta)
          }
        }
        try file.close()
      }
    }
    try report(record, mean: mean.value)
  }

  private var provenance: [(name: String, text: String)] {
    [
      ("model", model), ("flux", flux), ("seed", "\(seed)"), ("parameters", changes.joined(separator: " ")),
      ("range", range ?? ""),
    ].filter { !$0.1.isEmpty }
  }

  private func report(_ record: EventSampler.Record, mean: Double) throws {
    try StandardOutput.write(
      "\(events) events, mean cross section \(SignificantDigits.text(mean, 5)) in 1e-38 cm2/nucleon\nwrote \(out)\n")
    if record.surplus * 1000 > record.accepted {
      StandardError.warn(
        "\(record.surplus) of \(record.accepted) events came twice, because the cross section has peaks that are "
          + "narrower than the cells of the sampling")
    }
  }

  private func prepared(_ registry: Registry) throws -> EventSampler {
    func refuse(_ key: String, _ found: String, _ expected: String) -> NuTuneError {
      NuTuneError(.usage, key: key, found: found, expected: expected)
    }
    guard (1...Self.mostEvents).contains(events) else {
      throw refuse("--events", "\(events)", "1 to \(Self.mostEvents)")
    }
    let selection = try PluginSelection.plugin(
      .crossSection, named: model, explicit: try changes.map { try StudyOverride($0) }, registry: registry)
    let plugin: any CrossSectionModel = try selection.make(registry)
    let reaction = Reaction(
      species: try NeutrinoSpecies(named: channel, key: "--channel"),
      target: try Target(named: target, key: "--target"))
    try plugin.check([reaction])
    guard !(plugin is any TunableModel) else {
      throw refuse(model, "a model that has to be tuned first", "one with a cross section of its own")
    }
    let beam: any FluxProvider = try PluginSelection.flux(flux, registry: registry, catalog: Catalog.find())
      .make(registry)
    guard beam.species.contains(reaction.species) else {
      throw refuse(
        "--flux", "\(flux), which has no \(channel)",
        "a flux with \(channel); \(flux) has \(beam.species.map(\.rawValue).joined(separator: ", "))")
    }
    return try EventSampler(
      model: plugin, reaction: reaction, flux: beam, range: try energies(), threads: jobs.jobs)
  }

  private func energies() throws -> ClosedRange<Double>? {
    guard let range else { return nil }
    let parts = range.split(separator: ":", omittingEmptySubsequences: false).map { Double($0) ?? .nan }
    guard parts.count == 2, parts[0] >= 0, parts[0] < parts[1], parts[1] <= 1e6 else {
      throw NuTuneError(.usage, key: "--range", found: "“\(range)”", expected: "lo:hi in GeV with 0 ≤ lo < hi ≤ 1e6")
    }
    return parts[0]...parts[1]
  }
}
