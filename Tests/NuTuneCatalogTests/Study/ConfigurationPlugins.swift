import Foundation
import NuTuneCore

/// Small plugins that make configuration tests independent of the built-in ones.
enum ConfigurationPlugins {
  static func registry() throws -> Registry {
    var registry = Registry()
    try registry.register(FlatModel.self)
    try registry.register(NeutrinoOnlyModel.self)
    try registry.register(FileFlux.self)
    try registry.register(PlainDetector.self)
    try registry.register(TwoParameterOscillation.self)
    try registry.register(NoOscillationForTests.self)
    return registry
  }
}

/// d²σ = height everywhere.
struct FlatModel: CrossSectionModel {
  static let descriptor = PluginDescriptor(
    kind: .crossSection, name: "flat", summary: "The same everywhere.",
    parameters: [
      ParameterDeclaration("height", unit: "GeV", default: .number(1), .nonNegative, "the height"),
      ParameterDeclaration("network.hidden", default: .numbers([4, 4]), .numbers(1...512, count: 1...8), "layers"),
      ParameterDeclaration("network.activation", default: .text("silu"), .choice(["silu", "tanh"]), "activation"),
      ParameterDeclaration("network.smooth", default: .boolean(true), .boolean, "smooth"),
    ], components: [ComponentDeclaration("prior", .crossSection, "what it starts from")], citations: [])
  let height: Double
  /// What its prior is made from.
  let priorConfiguration: PluginConfiguration?
  /// Its height on top of that of its prior.
  init(_ configuration: PluginConfiguration) throws {
    priorConfiguration = configuration.componentConfigurations["prior"]
    let prior = configuration.components["prior"] as? FlatModel
    height = configuration.parameters.number("height") + (prior?.height ?? 0)
  }
  func check(_ reactions: [Reaction]) throws {}
  func crossSection(of reaction: Reaction, at points: KinematicPoints) throws -> [Double] {
    [Double](repeating: height, count: points.count)
  }
}

/// Serves neutrinos only.
struct NeutrinoOnlyModel: CrossSectionModel {
  static let descriptor = PluginDescriptor(
    kind: .crossSection, name: "neutrino-only", summary: "No antineutrinos.", parameters: [], citations: [])
  init(_ configuration: PluginConfiguration) throws {}
  func check(_ reactions: [Reaction]) throws {
    for reaction in reactions where reaction.species.helicity != .neutrino {
      throw NuTuneError(.badData, found: "the channel \(reaction.species.rawValue)", expected: "a neutrino channel")
    }
  }
  func crossSection(of reaction: Reaction, at points: KinematicPoints) throws -> [Double] {
    [Double](repeating: 0, count: points.count)
  }
}

/// ν_μ and ν_e between two energies, when its file exists.
struct FileFlux: FluxProvider {
  static let descriptor = PluginDescriptor(
    kind: .flux, name: "file-flux", summary: "Needs a file.",
    parameters: [
      ParameterDeclaration("file", required: true, .text, "the file"),
      ParameterDeclaration("maximum", unit: "GeV", default: .number(20), .positive, "highest energy"),
    ], citations: [])
  let species: [NeutrinoSpecies] = [.numu, .nue]
  let breakpoints: [Double]
  let path: String
  init(_ configuration: PluginConfiguration) throws {
    path = configuration.path(named: "file") ?? ""
    guard FileManager.default.fileExists(atPath: path) else {
      throw NuTuneError(.missingInput, key: "file", found: "no file \(path)", expected: "a flux table")
    }
    breakpoints = [0, configuration.parameters.number("maximum")]
  }
  func density(of species: NeutrinoSpecies, at energies: [Double]) throws -> [Double] { energies.map { _ in 1 } }
}

/// Measures the truth.
struct PlainDetector: Detector {
  static let descriptor = PluginDescriptor(
    kind: .detector, name: "plain", summary: "Perfect.", parameters: [], citations: [])
  init(_ configuration: PluginConfiguration) throws {}
  func trueBinning(for measured: Binning) throws -> Binning { measured }
  func response(for measured: Binning) throws -> DetectorResponse { .identity }
}

/// Two names for one mass splitting.
struct TwoParameterOscillation: OscillationModel {
  static let descriptor = PluginDescriptor(
    kind: .oscillation, name: "two-parameter", summary: "Remembers its parameters.",
    parameters: [
      ParameterDeclaration("sin2_theta23", default: .number(0.5), .number(0...1), "sin²θ₂₃"),
      ParameterDeclaration("dm2_21", unit: "eV2", required: true, .positive, "Δm²₂₁"),
      ParameterDeclaration("dm2_31", unit: "eV2", required: false, .anyNumber, "Δm²₃₁").alternative(to: "dm2_32"),
      ParameterDeclaration("dm2_32", unit: "eV2", required: false, .anyNumber, "Δm²₃₂").alternative(to: "dm2_31"),
    ], citations: [])
  var values: [String: Double]
  let fittableParameters = ["sin2_theta23", "dm2_32"]
  init(_ configuration: PluginConfiguration) throws {
    values = ["sin2_theta23": configuration.parameters.number("sin2_theta23")]
    values["dm2_32"] =
      configuration.parameters.optionalNumber("dm2_32")
      ?? configuration.parameters.optionalNumber("dm2_31").map { $0 - configuration.parameters.number("dm2_21") }
  }
  func value(of parameter: String) throws -> Double { values[parameter] ?? 0 }
  func setting(_ changes: [String: Double]) throws -> TwoParameterOscillation {
    var copy = self
    copy.values.merge(changes) { $1 }
    return copy
  }
  func probabilities(at energies: [Double], over baseline: Baseline, helicity: Helicity) throws
    -> OscillationProbabilities
  {
    OscillationProbabilities(count: energies.count, values: [Double](repeating: 0, count: 9 * energies.count))
  }
}

/// Nothing happens.
struct NoOscillationForTests: OscillationModel {
  static let descriptor = PluginDescriptor(
    kind: .oscillation, name: "no-oscillation", summary: "None.", parameters: [], citations: [])
  let fittableParameters: [String] = []
  init(_ configuration: PluginConfiguration) throws {}
  func value(of parameter: String) throws -> Double { 0 }
  func setting(_ changes: [String: Double]) throws -> NoOscillationForTests { self }
  func probabilities(at energies: [Double], over baseline: Baseline, helicity: Helicity) throws
    -> OscillationProbabilities
  {
    let kept = (0..<9).flatMap { [Double](repeating: $0 % 4 == 0 ? 1 : 0, count: energies.count) }
    return OscillationProbabilities(count: energies.count, values: kept)
  }
}
