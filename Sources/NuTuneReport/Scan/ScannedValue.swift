import NuTuneCore
import NuTuneResults

/// The value of a key in one of several runs that differ in it.
struct ScannedValue: Sendable, Equatable {
  /// As a number: the value itself, the number of bins of a list of edges, or the number of entries of another list; nil for
  /// a word or a group of keys.
  var number: Double?
  /// As text, for tables.
  var text: String
  /// As it stands in the study, where ``text`` tells two values no more apart, such as edges of as many bins.
  var content: String

  /// The value of a key in a study; nil where there is none. A key of the near detector is one of all its positions, where
  /// they have the same value.
  init?(_ key: String, in study: EffectiveStudy) {
    let atPositions = study.values[key] == nil ? Self.values(of: key, atPositionsOf: study) : []
    let common = atPositions.first { first in atPositions.allSatisfy { $0.value == first.value } }
    let key = common?.key ?? key
    let parts = study.values.filter { $0.key.hasPrefix("\(key).") }.map {
      "\($0.key.dropFirst(key.count + 1)): \($0.value)"
    }.sorted().joined(separator: ", ")
    content = study.values[key]?.description ?? parts
    switch study.values[key] {
    case .number(let value): (number, text) = (value, DecimalText.general(value, 6))
    case .integer(let value): (number, text) = (Double(value), "\(value)")
    case .numbers(let values):
      number = Double(Self.isEdges(key) ? values.count - 1 : values.count)
      text =
        Self.isEdges(key)
        ? values.count == 2 ? "1 bin" : "\(values.count - 1) bins"
        : values.map { DecimalText.general($0, 6) }.joined(separator: ", ")
    case .texts(let values): (number, text) = (Double(values.count), values.joined(separator: ", "))
    case .some(let other): (number, text) = (nil, other.description)
    case nil:
      guard !parts.isEmpty else { return nil }
      (number, text) = (nil, FigureText.shortened(parts, to: 60))
    }
  }

  private static let near = "experiment.near."

  private static func values(
    of key: String, atPositionsOf study: EffectiveStudy
  ) -> [(key: String, value: ParameterValue)] {
    guard key.hasPrefix(near) else { return [] }
    let positions = "\(near)positions."
    return study.values.filter { entry in
      guard entry.key.hasPrefix(positions), let dot = entry.key.dropFirst(positions.count).firstIndex(of: ".") else {
        return false
      }
      return entry.key[entry.key.index(after: dot)...] == key.dropFirst(near.count)
    }.sorted { $0.key < $1.key }
  }

  /// Whether the values of a key are edges of bins.
  static func isEdges(_ key: String) -> Bool { observable(key) != nil }

  /// The observable of which a key holds edges.
  static func observable(_ key: String) -> Observable? {
    key.split(separator: ".").last.flatMap { Observable(rawValue: String($0)) }
  }
}
