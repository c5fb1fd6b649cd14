import Foundation
import NuTuneCore

/// One cause of flux uncertainty in a parametrised covariance: how large it is at which energy, and over what its
/// effects hang together.
///
/// Its covariance between bins i and j is
///
///     f(E_i) f(E_j) exp(−½ (ln E_i/E_j)²/ℓ²) ρ_detector ρ_mode ρ_flavor,
///
/// each ρ only between different detectors, horn modes or species, with E the middle of a bin. Every factor is positive
/// semidefinite, and so is the product of their elements (Schur) and the sum of several components.
struct FluxCovarianceComponent {
  /// Name for people.
  var name: String
  /// Energies of the knots of f in GeV, strictly increasing, shape [knots].
  var energies: [Double]
  /// Relative change f at the knots by one standard deviation, dimensionless, shape [knots]. Energies where the signs
  /// differ change in opposite directions.
  var fractions: [Double]
  /// ℓ, in units of ln E; infinite for a change in which all energies hang together.
  var correlationLength: Double
  /// Correlation between near and far detector.
  var detectorCorrelation: Double
  /// Correlation between horn modes.
  var modeCorrelation: Double
  /// Correlation between species.
  var flavorCorrelation: Double
  /// Detectors that it concerns.
  var sites: [DetectorSite]
  /// Spectra that it concerns, by ``spectrum(_:_:)``.
  var spectra: [String]

  /// f at the middle of a bin: linear in ln E between knots, constant outside, and 0 for bins that are not concerned.
  func fraction(of bin: FluxBin) -> Double {
    guard sites.contains(bin.site), spectra.contains(Self.spectrum(bin.mode, bin.species)) else { return 0 }
    guard let above = energies.firstIndex(where: { $0 >= bin.center }) else { return fractions[fractions.count - 1] }
    guard above > 0 else { return fractions[0] }
    let part = log(bin.center / energies[above - 1]) / log(energies[above] / energies[above - 1])
    return fractions[above - 1] + part * (fractions[above] - fractions[above - 1])
  }

  /// Correlation of its effects in two bins that it concerns.
  func correlation(_ first: FluxBin, _ second: FluxBin) -> Double {
    let distance = log(first.center / second.center) / correlationLength
    return exp(-distance * distance / 2) * (first.site == second.site ? 1 : detectorCorrelation)
      * (first.mode == second.mode ? 1 : modeCorrelation) * (first.species == second.species ? 1 : flavorCorrelation)
  }
}

extension FluxCovarianceComponent {
  /// How a catalog entry calls the spectrum of a species in a horn mode, `fhc-numubar`.
  static func spectrum(_ mode: String, _ species: NeutrinoSpecies) -> String { "\(mode)-\(species.rawValue)" }

  /// Its keys in a catalog entry of some detectors and spectra.
  static func schema(sites: [DetectorSite], spectra: [String]) -> ParameterSchema {
    return ParameterSchema([
      ParameterDeclaration("name", required: true, .text, "what it is"),
      ParameterDeclaration(
        "fraction", required: false, .number(0...1), "relative change by 1 σ at every energy, 0.07 for 7 %"
      )
      .alternative(to: "fractions"),
      ParameterDeclaration(
        "energies", unit: "GeV", required: false, .numbers(1e-6...1e6, count: 1...1000), "knots, increasing"),
      ParameterDeclaration(
        "fractions", required: false, .numbers(-1...1, count: 1...1000),
        "relative change by 1 σ at the knots, linear in ln E between them; energies of other signs change oppositely"),
      ParameterDeclaration(
        "correlation_length", required: true, .number(1e-6...1e6, orWord: ["infinite"]),
        "distance in ln E over which energies hang together"),
      ParameterDeclaration(
        "correlation.detector", default: .number(1), .number(0...1), "correlation between near and far"),
      ParameterDeclaration("correlation.mode", default: .number(1), .number(0...1), "correlation between horn modes"),
      ParameterDeclaration("correlation.flavor", default: .number(1), .number(0...1), "correlation between species"),
      ParameterDeclaration(
        "detectors", required: false, .texts(choices: sites.map(\.rawValue)), "those it concerns, all when left out"),
      ParameterDeclaration(
        "spectra", required: false, .texts(choices: spectra), "those it concerns (`fhc-numubar`), all when left out"),
    ])
  }

  /// Reads a component of an entry of some detectors and spectra.
  init(from node: ConfigurationNode, path: String, sites: [DetectorSite], spectra: [String]) throws {
    let values = try Self.schema(sites: sites, spectra: spectra).values(from: node, path: path)
    func refuse(_ key: String, _ found: String, _ expected: String) -> NuTuneError {
      NuTuneError(
        .badData, at: values.location(of: key) ?? node.location, key: "\(path).\(key)", found: found, expected: expected
      )
    }
    func concerned(_ key: String, of all: [String]) -> [String] { values[key].map { _ in values.texts(key) } ?? all }
    if let fraction = values.optionalNumber("fraction") {
      guard values["energies"] == nil else { throw refuse("energies", "knots without fractions", "fractions at them") }
      (energies, fractions) = ([1], [fraction])
    } else {
      guard values["fractions"] != nil, values["energies"] != nil else {
        throw refuse("fraction", "nothing", "fraction, or fractions at energies")
      }
      (energies, fractions) = (values.numbers("energies"), values.numbers("fractions"))
    }
    guard fractions.allSatisfy({ $0 == 0 }) || fractions.contains(where: { $0 > 0 }) else {
      throw refuse(
        "fractions", ParameterValue.numbers(fractions).description,
        "one above zero: signs say which energies change oppositely")
    }
    guard energies.count == fractions.count else {
      throw refuse("fractions", "\(fractions.count) numbers", "\(energies.count), one for each of energies")
    }
    guard zip(energies, energies.dropFirst()).allSatisfy({ $0 < $1 }) else {
      throw refuse("energies", ParameterValue.numbers(energies).description, "strictly increasing energies")
    }
    name = values.text("name")
    correlationLength = values.optionalNumber("correlation_length") ?? .infinity
    detectorCorrelation = values.number("correlation.detector")
    modeCorrelation = values.number("correlation.mode")
    flavorCorrelation = values.number("correlation.flavor")
    let siteNames = concerned("detectors", of: sites.map(\.rawValue))
    self.sites = sites.filter { siteNames.contains($0.rawValue) }
    self.spectra = concerned("spectra", of: spectra)
  }
}
