import NuTuneCore

/// What is not known of the number of events of a far sample, `likelihood.norm.sample.NAME` of a study.
package struct SampleNormConfiguration: Sendable {
  /// Name of the sample in `far.samples`.
  package var sample: String
  /// Relative uncertainty, more than zero; nil for a scale without a prior.
  package var sigma: Double?
  /// Where it stands.
  var location: SourceLocation
  /// Dotted path in the study, `likelihood.norm.sample.NAME`.
  var path: String { "likelihood.\(Self.key).\(sample)" }
}

extension SampleNormConfiguration {
  /// Where norms of samples stand in the section `likelihood`.
  static let key = "norm.sample"

  /// Reads the norms of samples out of the section `likelihood`; a norm of 0 is none.
  static func all(from section: ConfigurationNode?) throws -> [SampleNormConfiguration] {
    guard let node = section?["norm"]?["sample"] ?? section?[key] else { return [] }
    var problems = NuTuneErrors()
    let norms = try node.entries(of: "likelihood.\(key)").compactMap { entry in
      problems.attempt { () -> SampleNormConfiguration in
        let declaration = ParameterDeclaration(
          entry.key, required: true, StudySections.normDomain, "relative uncertainty")
        let value = try declaration.value(from: entry.value, key: "likelihood.\(key).\(entry.key)")
        guard case .number(let sigma) = value else {
          return SampleNormConfiguration(sample: entry.key, sigma: nil, location: entry.location)
        }
        return SampleNormConfiguration(sample: entry.key, sigma: sigma, location: entry.location)
      }
    }
    try problems.throwIfAny()
    return norms.filter { $0.sigma != 0 }
  }

  /// JSON Schema of `likelihood.norm.sample`.
  static var jsonSchema: JSONValue {
    [
      "description":
        "relative uncertainty of the charged-current events of samples of far.samples, by name, profiled in a fit of numbers",
      "type": "object",
      "additionalProperties": .object(StudySections.normDomain.jsonSchema(unit: "")),
    ]
  }
}
