import NuTuneAnalysis
import NuTuneCore

/// What stands in a list of measurements of a study: the name of an entry, or a mapping that says which of its bins are used
/// and how often its χ² counts.
///
/// A study writes `{measurement: entry, weight: 0.25}`, and may select bins beside it (``MeasurementSelection``).
struct ListedMeasurement {
  /// Name of the entry in the catalog.
  let entry: String
  /// Where the name stands.
  let place: SourceLocation
  /// Which of its bins the study uses; nil for all.
  let selection: MeasurementSelection?
  /// How often its χ² counts in what a model minimises (``Dataset/weight``).
  let weight: Double

  /// Reads one element of a list.
  init(from node: ConfigurationNode, _ role: Dataset.Role, path: String) throws {
    guard case .mapping = node.content else {
      guard let text = node.text else {
        throw NuTuneError(
          .badData, at: node.location, key: path, found: node.summary,
          expected:
            "the name of a measurement, or {measurement: name, weight: 0.5, name: …, select: {observable: [low, high]}}"
        )
      }
      (entry, place, selection, weight) = (text, node.location, nil, 1)
      return
    }
    var problems = NuTuneErrors()
    for error in node.unknownKeys(known: ["measurement", "name", "select", "weight"], path: path) {
      problems.add(error)
    }
    try problems.throwIfAny()
    guard let text = node["measurement"]?.text else {
      throw NuTuneError(
        .badData, at: node["measurement"]?.location ?? node.location, key: "\(path).measurement",
        found: node["measurement"]?.summary ?? "nothing", expected: "the name of a measurement")
    }
    entry = text
    place = node["measurement"]?.location ?? node.location
    let isWhole = node["name"] == nil && node["select"] == nil
    selection = isWhole ? nil : try MeasurementSelection(of: text, from: node, path: path)
    weight = try node["weight"].map { try Self.weight($0, of: text, role, key: "\(path).weight") } ?? 1
  }

  private static func weight(
    _ node: ConfigurationNode, of entry: String, _ role: Dataset.Role, key: String
  ) throws -> Double {
    func refuse(_ found: String, _ expected: String) -> NuTuneError {
      NuTuneError(.badData, at: node.location, key: key, found: found, expected: expected)
    }
    guard role == .learn else {
      throw refuse(
        "a weight of \(entry), from which no model learns",
        "a weight under `learn`: what is predicted is compared with the errors that were published")
    }
    guard let weight = node.text.flatMap(Double.init), Dataset.weights.contains(weight) else {
      throw refuse(node.summary, "a number from 1e-6 to 1e6, 0.25 for errors that are twice those that were published")
    }
    return weight
  }
}
