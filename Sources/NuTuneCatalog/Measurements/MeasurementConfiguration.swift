import Foundation
import NuTuneAnalysis
import NuTuneCore
import NuTuneNumerics

/// A measurement of the catalog, read and checked.
///
/// Its keys are those of `entryKeys`, which the reference page shows.
package struct MeasurementConfiguration: Sendable {
  /// Name of the entry, or of the bins of it that a study selects.
  package internal(set) var name: String
  /// Neutrino species and nucleus.
  package let reaction: Reaction
  /// Name of the flux entry over which it is averaged.
  package let flux: String
  /// The numbers.
  package internal(set) var measurement: CrossSectionMeasurement
  /// What to cite.
  package let citations: [Citation]
  /// Parts of the covariance by their origin; none where they are not published.
  package internal(set) var components: [CovarianceComponent]
  /// Matrix that multiplies a prediction before it is compared, for values in the unit of the measurement, shape
  /// [bins × bins]; nil for none.
  package let smearing: Matrix?
  /// The detector that says what a measured hadronic energy is, as an entry of an experiment writes it; nil where none is
  /// measured.
  package let detector: ConfigurationNode?
  /// Nuclei with their shares of the nucleons; nil where the target is one nucleus.
  package let composition: [Dataset.Component]?
  /// Largest angle between lepton and beam in degrees that is measured; nil for all.
  package let largestAngle: Double?
  /// Smallest eigenvalue of a correlation matrix that counts, relative to the largest.
  package let threshold: Double
  /// Files with its numbers.
  package let files: [String]

  /// Keys of an entry beside those that describe it.
  static let entryKeys = [
    EntryKey(
      "channel", "one of " + NeutrinoSpecies.allCases.map(\.rawValue).joined(separator: ", "), "neutrino species",
      required: true),
    EntryKey("target", "one of " + Target.known.keys.sorted().joined(separator: ", "), "nucleus", required: true),
    EntryKey("flux", "a flux entry", "the flux over which it is averaged", required: true),
    EntryKey(
      "observables", "two of " + Observable.ofLepton.map(\.rawValue).joined(separator: ", "),
      "what is binned; `\(kineticEnergy)` becomes `lepton_energy`; `hadronic_energy` or `reconstructed_energy` may follow "
        + "them, or `momentum_transfer`, `lepton_energy` or `lepton_momentum` alone", required: true),
    EntryKey("unit", "text, `1e-39 cm2/GeV/nucleon`", "unit of values and errors", required: true),
    EntryKey(
      "file", "a CSV file",
      "columns `<observable>_low`, `<observable>_high` for each, `value`, `error`; the bins of hadronic energy "
        + "of one bin of the others follow one another", required: true),
    EntryKey(
      "detector", "`{model: calorimeter, visible: 0.8, …}`",
      "what of an energy transfer counts as hadronic energy, where that is measured; a `table` is a file like the others"
    ),
    EntryKey("covariance", "a CSV file without header", "in the unit squared; left out where none was published"),
    EntryKey(
      "covariances", "a list of `{kind, file}`",
      "parts of `covariance` by their origin; without `covariance` their sum is the covariance"),
    EntryKey(
      "smearing", "a CSV file without header, or `{file, of}`",
      "matrix that multiplies a prediction before it is compared (A_c); `of: values`, densities in the unit, or "
        + "`of: contents`, integrals over the bins"),
    EntryKey(
      "columns", "`{value: name in the file}`",
      "what the file calls its columns, which may then be more and in any order"),
    EntryKey(
      "composition", "`{C12: 12/13, H1: 1/13}`",
      "nuclei with their shares of the nucleons, which add up to one; the target alone when left out"),
  ]

  /// Numbers of an entry.
  static let numbers = ParameterSchema([
    ParameterDeclaration(
      "largest_angle", unit: "deg", required: false, .number(0.1...180),
      "largest angle between lepton and beam that is measured; predictions of bins that reach beyond hold the part within"
    ),
    ParameterDeclaration(
      "threshold", default: .number(CovarianceWhitening.standardThreshold), .number(1e-14...0.1),
      "smallest eigenvalue of a correlation matrix, relative to the largest, whose direction counts in χ²"),
    ParameterDeclaration(
      "binding_energy", unit: "GeV", default: .number(QuasielasticEnergy.defaultBindingEnergy),
      .number(QuasielasticEnergy.bindingEnergies),
      "binding energy of the struck nucleon with which the data were binned in `quasielastic_energy`"),
  ])

  /// The kinetic energy of the lepton, which tables may have instead of its energy.
  static let kineticEnergy = "lepton_kinetic_energy"

  /// Columns of the table of bins, in their order.
  package static func columns(of pair: ObservablePair) -> [String] {
    [pair.first, pair.second].flatMap { ["\($0.rawValue)_low", "\($0.rawValue)_high"] } + ["value", "error"]
  }

  /// Reads an entry and the files it names. A file of published data that is not there is an error of the category
  /// `missingInput`.
  package init(_ entry: CatalogEntry, environment: [String: String] = ProcessInfo.processInfo.environment) throws {
    let node = entry.values
    var problems = NuTuneErrors()
    let numberKeys = Self.numbers.declarations.map(\.name)
    for error in node.unknownKeys(known: Self.entryKeys.names + numberKeys, path: "") { problems.add(error) }
    var files = MeasurementFiles(entry, environment: environment)
    let reaction = problems.attempt {
      let (channel, target) = (try Self.text("channel", of: node), try Self.text("target", of: node))
      return Reaction(
        species: try NeutrinoSpecies(named: channel.0, at: channel.1, key: "channel"),
        target: try Target(named: target.0, at: target.1, key: "target"))
    }
    let flux = problems.attempt { try Self.text("flux", of: node).0 }
    let file = problems.attempt {
      _ = try Self.text("file", of: node)
      return try files.path(node["file"] ?? node, key: "file")
    }
    let composition = problems.attempt { try node["composition"].map(Self.composition) }
    let numbers = problems.attempt {
      let given = try node.entries(of: entry.name).filter { numberKeys.contains($0.key) }
      return try Self.numbers.values(from: ConfigurationNode(.mapping(given), at: node.location), path: "")
    }
    let observables = problems.attempt {
      try MeasuredObservables(
        node["observables"], bindingEnergy: numbers?.number("binding_energy"), at: node.location)
    }
    let detector = problems.attempt {
      try observables.flatMap { try Self.detector(node, third: $0.third, files: &files) }
    }
    try problems.throwIfAny()
    guard let reaction, let flux, let observables, let file, let composition, let numbers, let detector else {
      throw NuTuneError(.internalError, key: entry.name, found: "no values", expected: "all, or an error")
    }
    let (unitText, unitPlace) = try Self.text("unit", of: node)
    let unit = try CrossSectionUnit(unitText, of: observables.measured, at: unitPlace, key: "unit")
    let table = try Self.table(node, observables.names, mass: reaction.species.leptonMass).read(file)
    let covariance = try CovarianceReading.read(node, values: table.values, files: &files)
    let measurement = try CrossSectionMeasurement(
      observables: observables.pair, third: observables.third, bins: observables.bins(table.ranges), unit: unit,
      values: table.values, errors: table.errors,
      covariance: covariance.whole, at: SourceLocation(file: file),
      covarianceLocation: try node["covariance"].map { SourceLocation(file: try files.path($0, key: "covariance")) })
    name = entry.name
    citations = entry.citations
    self.reaction = reaction
    self.flux = flux
    self.measurement = measurement
    components = covariance.parts
    smearing = try Self.smearing(node["smearing"], of: measurement, files: &files)
    self.composition = composition
    self.detector = detector
    largestAngle = numbers.optionalNumber("largest_angle")
    threshold = numbers.number("threshold")
    self.files = files.paths
    if let smearing = node["smearing"], coveredBins.count < measurement.bins.count {
      throw NuTuneError(
        .badData, at: smearing.location, key: "smearing", found: "smearing beside bins that are beyond largest_angle",
        expected: "bins within it, because those that are left out cannot be smeared")
    }
  }
}
