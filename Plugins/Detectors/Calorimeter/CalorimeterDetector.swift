import NuTuneCore

/// A detector that measures the visible energy of hadrons beside the lepton: a hadronic response is added to the lepton
/// response of another detector.
///
/// The response depends on the energy transfer ω, and on Q² if asked to, see ``CalorimetricResponse``, or is read from a table
/// of any shape.
///
/// ## Configuration keys
/// `lepton` (a detector), `visible`, `antineutrino_visible`, `spread`, `scale`, `stochastic` (√GeV), `constant`, `noise` (GeV), `threshold` (GeV),
/// `q2_dependence`, `table` (a file).
package struct CalorimeterDetector: HadronicDetector, EnergyScalableDetector {
  private var lepton: (any Detector)?
  private var numbers: [String: Double]
  private let table: HadronicTable?

  /// Name, parameters.
  package static let descriptor = PluginDescriptor(
    kind: .detector, name: "calorimeter",
    summary:
      "Measures visible hadronic energy beside the lepton, whose own response is that of another detector: a share of the "
      + "energy transfer with Gaussian errors and a threshold, or a table.",
    parameters: [
      ParameterDeclaration(
        "visible", default: .number(0.85), .number(0.01...1),
        "mean visible share of the energy transfer; neutrons and binding take the rest"),
      ParameterDeclaration(
        "antineutrino_visible", required: false, .number(0.01...1),
        "mean visible share where an antineutrino transfers the energy, more of it to neutrons; that of `visible` when left out"
      ),
      ParameterDeclaration(
        "spread", default: .number(0), .number(0...0.45),
        "standard deviation of the visible share from event to event, a beta distribution on 0 … 1; 0: always the mean"),
      ParameterDeclaration(
        "scale", default: .number(1), .number(0.5...2), "measured over visible energy, the hadronic energy scale"),
      ParameterDeclaration(
        "stochastic", unit: "sqrt(GeV)", default: .number(0.3), .number(0...3),
        "s of σ² = (s √ω)² + (c ω)² + n², the error of the measured energy at the energy transfer ω"),
      ParameterDeclaration("constant", default: .number(0.1), .number(0...1), "c of σ²"),
      ParameterDeclaration("noise", unit: "GeV", default: .number(0.01), .number(0...10), "n of σ²"),
      ParameterDeclaration(
        "threshold", unit: "GeV", default: .number(0), .number(0...100),
        "measured energy below which nothing is seen: such events are in the lowest bin"),
      ParameterDeclaration(
        "q2_dependence", default: .number(0), .number(-0.5...0.5),
        "κ of the scale · [1 + κ Q²/(Q² + 1 GeV²)], how much more final states of large Q² show; 0: ω alone decides"),
      ParameterDeclaration(
        "table", required: false, .text,
        "CSV file \(HadronicTable.header.joined(separator: ",")) of probabilities, in place of all other parameters"),
    ],
    components: [
      ComponentDeclaration("lepton", .detector, "the detector that measures the lepton; a perfect one when left out")
    ], citations: [])

  /// Names of the numbers of the hadronic response.
  private static let names = [
    "visible", "spread", "scale", "stochastic", "constant", "noise", "threshold", "q2_dependence",
    "antineutrino_visible",
  ]

  /// Creates the detector.
  package init(_ configuration: PluginConfiguration) throws {
    let parameters = configuration.parameters
    lepton = try configuration.components["lepton"].map { plugin in
      guard let detector = plugin as? any Detector else {
        throw NuTuneError(
          .badData, key: "lepton", found: "“\(type(of: plugin).descriptor.name)”", expected: "a detector")
      }
      return detector
    }
    numbers = Dictionary(
      uniqueKeysWithValues: Self.names.compactMap { name in parameters.optionalNumber(name).map { (name, $0) } })
    table = try configuration.path(named: "table").map { try HadronicTable(file: $0) }
    if let given = Self.names.first(where: parameters.isGiven), table != nil {
      throw NuTuneError(
        .badData, key: given, found: "\(given) beside a table", expected: "only one of the two")
    }
    try checkFractions()
  }

  /// Refuses a spread that is wider than shares from 0 to 1 with these means can be.
  private func checkFractions() throws {
    for name in ["visible", "antineutrino_visible"] {
      guard let mean = numbers[name] else { continue }
      _ = try VisibleFraction(mean: mean, spread: numbers["spread"] ?? 0)
    }
  }

  /// Returns the true bins of the detector of the lepton.
  package func trueBinning(for measured: Binning) throws -> Binning {
    try lepton?.trueBinning(for: measured) ?? measured
  }

  /// Returns the response of the detector of the lepton.
  package func response(for measured: Binning) throws -> DetectorResponse {
    try lepton?.response(for: measured) ?? .identity
  }

  /// Returns the probability of each bin of visible hadronic energy for neutrinos.
  package func hadronicResponse(for axis: Axis) throws -> any HadronicResponse {
    if let table { return try TabulatedResponse(table, axis: axis) }
    return try CalorimetricResponse(numbers, edges: axis.edges)
  }

  /// Returns the probability of each bin of visible hadronic energy for a neutrino species.
  package func hadronicResponse(for axis: Axis, of species: NeutrinoSpecies) throws -> any HadronicResponse {
    guard species.helicity == .antineutrino, let visible = numbers["antineutrino_visible"] else {
      return try hadronicResponse(for: axis)
    }
    return try CalorimetricResponse(numbers.merging(["visible": visible]) { $1 }, edges: axis.edges)
  }

  /// The numbers of the response by the names of the parameters; none for a table.
  package var hadronicParameters: [String: Double] { table == nil ? numbers : [:] }

  /// Returns the same detector with other numbers of the hadronic response.
  package func settingHadronicParameters(_ values: [String: Double]) throws -> any HadronicDetector {
    var copy = self
    for (name, value) in values.sorted(by: { $0.key < $1.key }) {
      guard hadronicParameters[name] != nil, let domain = Self.descriptor.parameters.declaration(named: name)?.domain,
        case .number(let range, _) = domain
      else {
        throw NuTuneError(
          .badData, key: name, found: table == nil ? "no number of the hadronic response" : "a response from a table",
          expected: "one of \(Self.names.joined(separator: ", "))",
          suggestion: Suggestion.nearest(to: name, among: Self.names))
      }
      guard range.contains(value) else {
        throw NuTuneError(.badData, key: name, found: "\(value)", expected: domain.description)
      }
      copy.numbers[name] = value
    }
    try copy.checkFractions()
    return copy
  }

  /// Whether the detector of the lepton has an energy scale.
  package var hasEnergyScale: Bool { (lepton as? any EnergyScalableDetector)?.hasEnergyScale ?? false }

  /// Returns the same detector with its lepton-energy scale multiplied by a factor, where it has one.
  package func scaled(energyBy factor: Double) -> any Detector {
    guard let scalable = lepton as? any EnergyScalableDetector else { return self }
    var copy = self
    copy.lepton = scalable.scaled(energyBy: factor)
    return copy
  }
}
