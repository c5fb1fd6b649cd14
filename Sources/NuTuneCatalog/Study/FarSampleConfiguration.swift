import Foundation
import NuTuneCore

/// A sample of the far detector whose leptons are not told apart by sign or origin, `far.samples.NAME` of a study: a sum
/// of components with the same bins, and of backgrounds.
package struct FarSampleConfiguration: Sendable {
  /// Neutrinos of the beam that end as one species in the detector.
  package struct Component: Sendable {
    /// As it is written: `numu-to-nue`, or `numu` for all flavours of the beam that end as ν_μ.
    package var name: String
    /// The flavour in the beam; nil for all of the same neutrino sign.
    package var initial: LeptonFlavor?
    /// The species that is detected.
    package var species: NeutrinoSpecies
    /// Its events, those of all components of the same ``key``; nil where they follow from rates and exposure.
    package var events: Double?
    /// The key in the study, `nue-to-nue+nuebar-to-nuebar` for components that share a number of events.
    package var key: String
  }

  /// Its name in the study.
  package var name: String
  /// Label of the experiment whose far detector measures it, as the study says; nil for the main one.
  package var experiment: String?
  /// The horn mode of the beam.
  package var mode: String
  /// What it is a sum of, at least one.
  package var components: [Component]
  /// The bins; those of the far detector when nil.
  package var binning: Binning?
  /// The plugin that describes its response; that of the far detector when nil.
  package var detector: PluginSelection?
  /// What it holds beside its components.
  package var backgrounds: [BackgroundConfiguration] = []
  /// Dotted path in the study, `far.samples.NAME`.
  package var path: String { "far.samples.\(name)" }
  /// Where it stands.
  var location: SourceLocation
  /// Where its horn mode stands.
  var modeLocation: SourceLocation
  /// Where its experiment stands.
  var experimentLocation: SourceLocation
}

extension FarSampleConfiguration {
  /// Keys of a sample.
  static let keys = ["experiment", "mode", "components", "binning", "detector", "backgrounds"]
  /// The word for a component whose events follow from rates and exposure.
  static let byRate = "rate"
  private static let arrow = "-to-"

  /// Reads `far.samples`; none when it is left out.
  ///
  /// - Parameters:
  ///   - far: the section `far`, whose samples are a mapping by name, or a list of leptons.
  ///   - modes: the horn modes of the study, in each of which a lepton of the list is a sample.
  ///   - context: where names are looked up.
  static func all(
    from far: ConfigurationNode?, _ modes: [String], in context: ReadingContext
  ) throws -> [FarSampleConfiguration] {
    // Without horn modes, what is wrong with them is said where they are read.
    guard let written = far?["samples"], written.elements == nil || !modes.isEmpty else { return [] }
    let node = try writtenOut(written, modes: modes)
    let entries = try node.entries(of: "far.samples")
    guard !entries.isEmpty else {
      throw NuTuneError(
        .badData, at: node.location, key: "far.samples", found: "nothing",
        expected: "`name: {mode: fhc, components: {numu-to-nue: 1092}}` for every sample")
    }
    var problems = NuTuneErrors()
    let samples = entries.compactMap { entry in problems.attempt { try FarSampleConfiguration(entry, in: context) } }
    let known = samples.flatMap(\.components).map { $0.events != nil }
    if known.contains(true), known.contains(false) {
      problems.add(
        NuTuneError(
          .badData, at: node.location, key: "far.samples", found: "numbers of events of some components",
          expected: "a number for every component, or “\(byRate)” for all"))
    }
    try problems.throwIfAny()
    return samples
  }

  /// What a list of leptons stands for, `[muons, electrons]`: in every horn mode a sample of both neutrino signs by rate, muons from
  /// all flavours of the beam, electrons from ν_μ and from ν_e of the beam apart. A mapping stays as it is.
  private static func writtenOut(_ node: ConfigurationNode, modes: [String]) throws -> ConfigurationNode {
    guard let elements = node.elements else { return node }
    let key = "far.samples"
    let words = elements.map { $0.text ?? $0.summary }
    return ConfigurationNode(
      .mapping(
        try elements.enumerated().flatMap { index, element -> [ConfigurationNode.Entry] in
          let (word, place) = (words[index], element.location)
          let species = NeutrinoSpecies.allCases.filter { leptons($0) == word }
          guard !species.isEmpty, !words[..<index].contains(word) else {
            throw NuTuneError(
              .badData, at: place, key: key, found: species.isEmpty ? "“\(word)”" : "\(word) twice",
              expected: "\(leptonWords.joined(separator: ", ")), each once, or a mapping of samples by name",
              suggestion: species.isEmpty ? Suggestion.nearest(to: word, among: leptonWords) : nil)
          }
          func mapping(_ values: [(String, ConfigurationNode.Content)]) -> ConfigurationNode.Content {
            .mapping(values.map { .init(key: $0, location: place, value: ConfigurationNode($1, at: place)) })
          }
          func text(_ text: String) -> ConfigurationNode.Content { .scalar(text, quoted: false) }
          return modes.map { mode in
            let sample = mapping([
              ("mode", text(mode)), ("components", mapping(components(of: species).map { ($0, text(byRate)) })),
            ])
            return .init(key: "\(word)-\(mode)", location: place, value: ConfigurationNode(sample, at: place))
          }
        }), at: node.location)
  }

  /// Names of components that end as one of some species of one flavour.
  private static func components(of species: [NeutrinoSpecies]) -> [String] {
    [LeptonFlavor.muon, .electron].flatMap { initial in
      species.compactMap { species -> String? in
        guard species.flavor == .electron else { return initial == .muon ? species.rawValue : nil }
        let from = NeutrinoSpecies.allCases.first { $0.flavor == initial && $0.helicity == species.helicity }
        return from.map { $0.rawValue + arrow + species.rawValue }
      }
    }
  }

  /// The word for the leptons of a neutrino species, `muons`.
  private static func leptons(_ species: NeutrinoSpecies) -> String { "\(species.flavor)s" }

  /// The words for leptons, in the order of the species.
  private static var leptonWords: [String] {
    NeutrinoSpecies.allCases.map(leptons).reduce(into: []) { if !$0.contains($1) { $0.append($1) } }
  }

  private init(_ entry: ConfigurationNode.Entry, in context: ReadingContext) throws {
    let path = "far.samples.\(entry.key)"
    var problems = NuTuneErrors()
    problems.attempt { try FileSafeName.check(entry.key, at: entry.location, key: path) }
    problems.attempt { _ = try entry.value.entries(of: path) }
    try problems.throwIfAny()
    for error in entry.value.unknownKeys(known: Self.keys, path: path) { problems.add(error) }
    let mode = problems.attempt { () -> String in
      guard let mode = entry.value["mode"]?.text else {
        throw NuTuneError(
          .badData, at: entry.value["mode"]?.location ?? entry.location, key: "\(path).mode",
          found: entry.value["mode"]?.summary ?? "nothing", expected: "a horn mode, fhc")
      }
      return mode
    }
    let experiment = problems.attempt { () -> String? in
      guard let node = entry.value["experiment"] else { return nil }
      guard let label = node.text else {
        throw NuTuneError(
          .badData, at: node.location, key: "\(path).experiment", found: node.summary,
          expected: "the name of the experiment, or a label of joint")
      }
      return label
    }
    let backgrounds = problems.attempt {
      try BackgroundConfiguration.all(from: entry.value["backgrounds"], path: "\(path).backgrounds", in: context)
    }
    let components = problems.attempt { try Self.components(of: entry, path: path) }
    let binning = problems.attempt { try entry.value["binning"].map { try Binning(from: $0, path: "\(path).binning") } }
    let detector = problems.attempt {
      try entry.value["detector"].map {
        try PluginSelection(label: "detector", kind: .detector, from: $0, path: "\(path).detector", in: context)
      }
    }
    try problems.throwIfAny()
    guard let mode, let experiment, let components, let binning, let detector, let backgrounds else {
      throw NuTuneError(.internalError, key: path, found: "no sample", expected: "one, or an error")
    }
    self.init(
      name: entry.key, experiment: experiment, mode: mode, components: components, binning: binning,
      detector: detector, backgrounds: backgrounds,
      location: entry.location, modeLocation: entry.value["mode"]?.location ?? entry.location,
      experimentLocation: entry.value["experiment"]?.location ?? entry.location)
  }

  /// The components of a sample, at least one and each of them once.
  private static func components(of entry: ConfigurationNode.Entry, path: String) throws -> [Component] {
    let entries = try entry.value["components"]?.entries(of: "\(path).components") ?? []
    guard !entries.isEmpty else {
      throw NuTuneError(
        .badData, at: entry.value["components"]?.location ?? entry.location, key: "\(path).components",
        found: "nothing", expected: "`numu-to-nue: events`, or `numu-to-nue: \(byRate)`, for every component")
    }
    var problems = NuTuneErrors()
    let components = entries.compactMap { component in
      problems.attempt { try Self.components(component, path: "\(path).components") }
    }.flatMap { $0 }
    try problems.throwIfAny()
    if let twice = components.map(\.name).first(where: { name in components.count { $0.name == name } > 1 }) {
      throw NuTuneError(
        .badData, at: entry.location, key: "\(path).components", found: "\(twice) twice",
        expected: "every component once")
    }
    return components
  }

  /// The components of one key: one, or several that share a number of events.
  private static func components(_ entry: ConfigurationNode.Entry, path: String) throws -> [Component] {
    let key = "\(path).\(entry.key)"
    let events = try events(entry, key: key)
    return try entry.key.split(separator: "+", omittingEmptySubsequences: false).map { name in
      let name = name.trimmingCharacters(in: .whitespaces)
      let sides = name.components(separatedBy: arrow)
      let final = try NeutrinoSpecies(named: sides[sides.count - 1], at: entry.location, key: key)
      let initial = try sides.count > 1 ? NeutrinoSpecies(named: sides[0], at: entry.location, key: key) : nil
      guard sides.count <= 2, initial.map({ $0.helicity == final.helicity }) ?? true else {
        throw NuTuneError(
          .badData, at: entry.location, key: key, found: "“\(name)”",
          expected: "one species, or two of the same neutrino sign: numu, numu-to-nue, numubar-to-nuebar")
      }
      return Component(name: name, initial: initial?.flavor, species: final, events: events, key: entry.key)
    }
  }

  /// The events of a component, nil for the word that leaves them to the rates.
  private static func events(_ entry: ConfigurationNode.Entry, key: String) throws -> Double? {
    guard entry.value.text != byRate else { return nil }
    let declaration = ParameterDeclaration(
      entry.key, required: true, .number(1e-6...StudySections.events.upperBound, orWord: [byRate]), "events")
    guard case .number(let number) = try declaration.value(from: entry.value, key: key) else {
      throw NuTuneError(
        .badData, at: entry.value.location, key: key, found: entry.value.summary, expected: "a number of events")
    }
    return number
  }

  /// Its values by dotted path, as they are run.
  var effective: [String: ParameterValue] {
    var values: [String: ParameterValue] = ["\(path).mode": .text(mode)]
    values["\(path).experiment"] = experiment.map { .text($0) }
    for component in components {
      values["\(path).components.\(component.key)"] = component.events.map { .number($0) } ?? .text(Self.byRate)
    }
    for background in backgrounds { values.merge(background.effective) { $1 } }
    if let detector { values.merge(detector.effective) { $1 } }
    for (index, grid) in (binning?.grids ?? []).enumerated() {
      for axis in [grid.first, grid.second] + (binning?.hadronic(ofGrid: index).map { [$0] } ?? []) {
        values.merge(axis.effective("\(path).binning")) { $1 }
      }
    }
    return values
  }

  /// The samples of its components in a detector.
  func samples(of detector: DetectorConfiguration, target: Target) -> [Sample] {
    components.map { component in
      Sample(
        reaction: Reaction(species: component.species, target: target), mode: mode, site: .far,
        component: "\(name)-\(component.name)", binning: binning ?? detector.binning)
    }
  }

  /// Name of the sample that is measured: of its only component, or of the sum.
  var measuredAs: String {
    components.count > 1 || !backgrounds.isEmpty ? "far-\(name)" : "far-\(name)-\(components[0].name)"
  }

  /// What a key of a component looks like.
  private static var keyPattern: String {
    let species = NeutrinoSpecies.allCases.map(\.rawValue).joined(separator: "|")
    let component = "(\(species))(-to-(\(species)))?"
    return "^\(component)( *\\+ *\(component))*$"
  }

  /// JSON Schema of `far.samples` and its values.
  static func jsonSchema(binning: JSONValue, detector: JSONValue) -> JSONValue {
    let list: JSONValue = [
      "type": "array", "minItems": .integer(1), "uniqueItems": true,
      "items": ["enum": .list(leptonWords.map { .text($0) })],
    ]
    let mapping: JSONValue = [
      "type": "object", "minProperties": .integer(1),
      "additionalProperties": [
        "type": "object", "required": ["mode", "components"], "additionalProperties": false,
        "properties": [
          "experiment": [
            "type": "string",
            "description":
              "whose far detector measures it: the name of the experiment, which is the default, or a label of `joint`",
          ],
          "mode": ["type": "string", "description": "horn mode of the beam"],
          "components": [
            "description": .text(
              "`numu-to-nue: events` for ν_μ of the beam that end as ν_e, `numu: events` for all that end as ν_μ, "
                + "`nue-to-nue+nuebar-to-nuebar: events` for two that share a number; "
                + "“\(byRate)” in place of a number where events follow from rates and exposure"),
            "type": "object", "minProperties": .integer(1),
            "propertyNames": ["pattern": .text(keyPattern)],
            "additionalProperties": [
              "anyOf": [["type": "number", "exclusiveMinimum": .integer(0)], ["const": .text(byRate)]]
            ],
          ],
          "binning": binning, "detector": detector, "backgrounds": BackgroundConfiguration.jsonSchema,
        ],
      ],
    ]
    return [
      "description": .text(
        "samples that are sums of components, by name, or a list of leptons, `[muons, electrons]`, each a sample of both "
          + "neutrino signs by rate in every horn mode; every channel in every horn mode is a sample when left out"),
      "anyOf": [list, mapping],
    ]
  }
}
