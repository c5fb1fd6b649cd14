import NuTuneCore

/// A number of the near detectors' hadronic response that models fit together with themselves,
/// `near.nuisance.hadronic.NAME` of a study.
package struct HadronicNuisanceConfiguration: Sendable {
  /// Name of the parameter of the detector.
  package var name: String
  /// Standard deviation of the prior around the detector's number, more than zero, in the unit of the parameter; nil for
  /// none.
  package var width: Double?
  /// Where it stands.
  var location: SourceLocation
  /// Dotted path in the study.
  var path: String { "near.\(Self.key).\(name)" }
}

extension HadronicNuisanceConfiguration {
  /// Where they stand in the section `near`.
  static let key = "nuisance.hadronic"
  /// Standard deviation of a prior.
  static let domain = ParameterDomain.number(0 ... .greatestFiniteMagnitude, orWord: [StudySections.free])

  /// Reads them out of the section `near`; a width of 0 is no nuisance.
  static func all(from section: ConfigurationNode?) throws -> [HadronicNuisanceConfiguration] {
    var problems = NuTuneErrors()
    for error in section?["nuisance"]?.unknownKeys(known: ["hadronic"], path: "near.nuisance") ?? [] {
      problems.add(error)
    }
    try problems.throwIfAny()
    guard let node = section?["nuisance"]?["hadronic"] ?? section?[key] else { return [] }
    let found = try node.entries(of: "near.\(key)").compactMap { entry in
      problems.attempt { () -> HadronicNuisanceConfiguration in
        let declaration = ParameterDeclaration(entry.key, required: true, domain, "standard deviation of the prior")
        let value = try declaration.value(from: entry.value, key: "near.\(key).\(entry.key)")
        let width: Double? = if case .number(let width) = value { width } else { nil }
        return HadronicNuisanceConfiguration(name: entry.key, width: width, location: entry.location)
      }
    }
    try problems.throwIfAny()
    return found.filter { $0.width != 0 }
  }

  /// JSON Schema of `near.nuisance`.
  static var jsonSchema: JSONValue {
    [
      "type": "object", "additionalProperties": false,
      "properties": [
        "hadronic": [
          "description":
            "numbers of the near detectors' hadronic response that models fit with themselves, by name: the standard deviation of the prior, or free",
          "type": "object", "additionalProperties": .object(domain.jsonSchema(unit: "")),
        ]
      ],
    ]
  }
}
