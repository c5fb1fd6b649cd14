import NuTuneCore

/// Bins of a measurement that a study uses, where it does not use all: those within ranges of the observables.
///
/// A study writes `{measurement: entry, name: below-7, select: {longitudinal_momentum: [.., 7]}}`. The name is that of the
/// selection in results, so that nothing takes it for the whole. Several parts of one measurement that share no bin may stand in
/// one study.
package struct MeasurementSelection: Sendable {
  /// Name of the entry in the catalog.
  package let entry: String
  /// Range in each observable that is restricted, in its unit; an open end is infinite.
  package let ranges: [Observable: ClosedRange<Double>]
  /// Name of the selected bins in results.
  let name: String
  private let location: SourceLocation
  private let path: String

  /// Text of an end that is open.
  static let open = ".."
  /// Edges printed from sums may differ in the last digits.
  private static let tolerance = 1e-9

  /// Reads which bins of an entry a mapping in a list of measurements selects.
  init(of entry: String, from node: ConfigurationNode, path: String) throws {
    func refuse(name found: String) -> NuTuneError {
      NuTuneError(
        .badData, at: node["name"]?.location ?? node.location, key: "\(path).name", found: found,
        expected: "a name for the selected bins: results must not be taken for those of all")
    }
    guard let text = node["name"]?.text else { throw refuse(name: node["name"]?.summary ?? "nothing") }
    (self.entry, name) = (entry, text)
    try FileSafeName.check(name, at: node["name"]?.location, key: "\(path).name")
    guard name != entry else { throw refuse(name: "the name of the measurement") }
    let selected = try node["select"]?.entries(of: "\(path).select") ?? []
    guard !selected.isEmpty else {
      throw NuTuneError(
        .badData, at: node.location, key: "\(path).select", found: "nothing",
        expected: "ranges of the observables, {longitudinal_momentum: [.., 7]}")
    }
    location = node.location
    self.path = path
    ranges = try Dictionary(
      selected.map { (try Self.observable($0, path), try Self.range($0.value, "\(path).select.\($0.key)")) },
      uniquingKeysWith: { $1 })
  }

  private static func observable(_ entry: ConfigurationNode.Entry, _ path: String) throws -> Observable {
    let names = Observable.allCases.map(\.rawValue)
    guard let observable = Observable(rawValue: entry.key) else {
      throw NuTuneError(
        .badData, at: entry.location, key: "\(path).select", found: "“\(entry.key)”",
        expected: "one of \(names.joined(separator: ", "))",
        suggestion: Suggestion.nearest(to: entry.key, among: names))
    }
    return observable
  }

  private static func range(_ node: ConfigurationNode, _ key: String) throws -> ClosedRange<Double> {
    let ends = (node.elements ?? []).enumerated().map { index, end -> Double? in
      end.text == open ? (index == 0 ? -.infinity : .infinity) : end.text.flatMap(Double.init)
    }
    guard ends.count == 2, let low = ends[0], let high = ends[1], low < high else {
      throw NuTuneError(
        .badData, at: node.location, key: key, found: node.summary,
        expected: "two ends in the unit of the observable, the lower one first, `..` for an open one: [1.5, 7]")
    }
    return low...high
  }

  /// Places of the selected bins among those of a measurement.
  func bins(of whole: MeasurementConfiguration) throws -> [Int] {
    let measurement = whole.measurement
    func refuse(_ found: String, _ expected: String) -> NuTuneError {
      NuTuneError(.badData, at: location, key: "\(path).select", found: found, expected: expected)
    }
    let pair = measurement.ranges(of: measurement.bins[0]).map(\.observable)
    if let other = ranges.keys.first(where: { !pair.contains($0) }) {
      throw refuse(
        "\(other.rawValue), which \(entry) is not binned in", "one of \(pair.map(\.rawValue).joined(separator: ", "))")
    }
    guard whole.smearing == nil else {
      throw refuse("bins of \(entry), whose predictions are smeared over all of them", "the whole measurement")
    }
    let kept = try measurement.bins.indices.filter { index in
      let bin = measurement.bins[index]
      func isBelow(_ a: Double, _ b: Double) -> Bool { a < b - Self.tolerance * max(min(abs(a), abs(b)), 1) }
      let asked = measurement.ranges(of: bin).compactMap { observable, edges in
        ranges[observable].map { (range: $0, edges: edges) }
      }
      // A bin that one range leaves out is out, whatever another would cut of it.
      guard
        asked.allSatisfy({
          isBelow($0.range.lowerBound, $0.edges.upperBound) && isBelow($0.edges.lowerBound, $0.range.upperBound)
        })
      else { return false }
      guard
        asked.allSatisfy({
          !isBelow($0.edges.lowerBound, $0.range.lowerBound) && !isBelow($0.range.upperBound, $0.edges.upperBound)
        })
      else { throw refuse("an end within \(measurement.name(index)) of \(entry)", "ends that are edges of bins") }
      return true
    }
    guard !kept.isEmpty else { throw refuse("no bin of \(entry)", "ranges that hold some") }
    return kept
  }
}
