import NuTuneCatalog
import NuTuneCore
import NuTuneFiles
import NuTuneTables

/// Imports events of a generator as a measurement entry: the cross section in bins of its leptons.
package struct EventImport: Sendable {
  /// Options of the command line; nil where the user gave none.
  package struct Options: Sendable {
    /// Neutrino species.
    package var channel: String?
    /// Nucleus.
    package var target: String?
    /// Flux entry of the events.
    package var flux: String?
    /// Two observables, separated by a comma.
    package var observables: String?
    /// Edges of each observable.
    package var binning: [String] = []
    /// Mean cross section of all events; nil for that of the files.
    package var crossSection: String?
    /// Smallest number of events of a bin.
    package var fewest = 25.0

    /// Creates empty options.
    package init() {}
  }

  static let observablesQuestion = Question(
    "--observables", "In which two observables of the lepton?",
    choices: "two of " + Observable.ofLepton.map(\.rawValue).joined(separator: ", "))
  static let binningQuestion = Question(
    "--binning", "Which edges have the bins? (first; second)",
    choices: "edges of each observable in turn, 0:3:0.25 and -1,0,0.5:1:0.1")

  private let format: EventFile.Format
  private let reaction: Reaction
  private let flux: String
  private let provider: any FluxProvider
  private let binning: EventBinning
  private let normalization: EventNormalization?
  private let fewest: Double

  /// Asks for missing options; nil if they stay missing, which the interview reports.
  /// - Parameter catalog: the catalog that must hold the flux.
  package init?(
    _ options: Options, format: EventFile.Format, catalog: Catalog, registry: Registry, _ interview: inout Interview
  ) throws {
    let species = interview.answer(MeasurementImport.channelQuestion, given: options.channel) {
      try NeutrinoSpecies(named: $0)
    }
    let target = interview.answer(MeasurementImport.targetQuestion, given: options.target) { try Target(named: $0) }
    let flux = interview.answer(MeasurementImport.fluxQuestion, given: options.flux) { text in
      (text, try PluginSelection.flux(text, registry: registry, catalog: catalog))
    }
    let observables = interview.answer(Self.observablesQuestion, given: options.observables) { $0 }
    let edges = interview.answers(Self.binningQuestion, given: options.binning) { text in
      text.split(separator: ";").map(String.init)
    }?.flatMap { $0 }
    guard let species, let target, let flux, let observables, let edges else { return nil }
    self.format = format
    reaction = Reaction(species: species, target: target)
    self.flux = flux.0
    provider = try flux.1.make(registry)
    guard provider.species.contains(species) else {
      throw NuTuneError(
        .usage, key: "--flux", found: "\(flux.0), which has no \(species.rawValue)",
        expected: "a flux with it; \(flux.0) has \(provider.species.map(\.rawValue).joined(separator: ", "))")
    }
    binning = try EventBinning(observables, edges: edges)
    normalization = try options.crossSection.map(EventNormalization.read)
    guard options.fewest >= 1 else {
      throw NuTuneError(.usage, key: "--fewest", found: "\(options.fewest)", expected: "1 or more events")
    }
    fewest = options.fewest
  }

  /// Reads the files and returns the entry as it would be written.
  /// - Parameter python: returns the Python that reads ROOT files.
  package func draft(
    _ files: [String], _ description: EntryDescription, python: () throws -> PythonWithUproot
  ) throws -> EntryDraft {
    let agreement = try FluxAgreement(provider, species: reaction.species, name: flux)
    let read = try files.map { path in
      var histogram = EventHistogram(reaction, binning: binning, fluxEdges: provider.breakpoints)
      let file = try EventFile.read(path, as: format, target: reaction.target, python: python) {
        try histogram.add($0)
      }
      return (file: file, histogram: histogram)
    }
    let sample = try EventSample(read, normalization: normalization)
    let beams = read.compactMap { $0.file.beams[ParticleCode.neutrino(reaction.species)] }
    let (measurement, leftOut, lost) = try sample.measurement(binning, fewest: fewest)
    func digits(_ value: Double) -> String { SignificantDigits.text(value, 4) }
    func percent(_ part: Double) -> String { "\(SignificantDigits.text(100 * part / sample.mean, 3)) %" }
    var lines = "\(sample.events.all) events, \(sample.events.selected) charged currents, "
    lines += "neutrinos from \(digits(sample.energyRange.lowerBound)) to \(digits(sample.energyRange.upperBound)) GeV\n"
    lines += "mean cross section \(digits(sample.mean))e-38 cm2/nucleon"
    lines += sample.commonError > 0 ? " ± \(percent(sample.commonError * sample.mean))\n" : "\n"
    lines += "outside the bins \(percent(sample.outside)), left out with fewer than \(digits(fewest)) events "
    lines += "\(leftOut) bins, \(percent(lost))\n"
    let hints = try agreement.doubts(about: sample, beams: beams) + measurement.doubts
    return try EntryDraft(
      measurement, of: reaction, flux: flux, description, lines: lines, hints: hints)
  }
}
