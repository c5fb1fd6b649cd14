import NuTuneAnalysis
import NuTuneCore

/// What is not known of the numbers of events in the far samples of one experiment, `likelihood.norm.experiment.NAME` of a
/// study: the same norms as of all far samples.
package struct ExperimentNormConfiguration: Sendable {
  /// The experiment: the name of the main one, or a label of `joint`.
  package var experiment: String
  /// Its norms by what they act on, see ``StudySections/norms``.
  package var norms: ParameterValues
  /// Where it stands.
  var location: SourceLocation
  /// Dotted path in the study, `likelihood.norm.experiment.NAME`.
  var path: String { "likelihood.\(Self.key).\(experiment)" }
}

extension ExperimentNormConfiguration {
  /// Where norms of experiments stand in the section `likelihood`.
  static let key = "norm.experiment"

  /// Reads the norms of experiments out of the section `likelihood`.
  static func all(from section: ConfigurationNode?) throws -> [ExperimentNormConfiguration] {
    guard let node = section?["norm"]?["experiment"] ?? section?[key] else { return [] }
    var problems = NuTuneErrors()
    let experiments = try node.entries(of: "likelihood.\(key)").compactMap { entry in
      problems.attempt {
        ExperimentNormConfiguration(
          experiment: entry.key,
          norms: try StudySections.norms.values(from: entry.value, path: "likelihood.\(key).\(entry.key)"),
          location: entry.location)
      }
    }
    try problems.throwIfAny()
    return experiments
  }

  /// Its values by dotted path, as they are run.
  var effective: [String: ParameterValue] {
    Dictionary(uniqueKeysWithValues: norms.effective.map { ("\(path).\($0.key)", $0.value) })
  }

  /// JSON Schema of `likelihood.norm.experiment`.
  static var jsonSchema: JSONValue {
    [
      "description":
        "norms of the far samples of one experiment, by the name of the experiment or its label in joint, beside those of all",
      "type": "object", "additionalProperties": StudySections.norms.jsonSchema(),
    ]
  }
}

extension ParameterValues {
  /// The norms of ``StudySections/norms`` that are not 0, with their relative uncertainty; nil for a free one.
  ///
  /// - Parameter prefix: what stands before the names of the norms.
  func norms(prefix: String = "") -> [(kind: NormUncertainty.Kind, sigma: Double?)] {
    NormUncertainty.Kind.allCases.compactMap { kind in
      let sigma = optionalNumber(prefix + kind.rawValue)
      return sigma == 0 ? nil : (kind, sigma)
    }
  }
}
