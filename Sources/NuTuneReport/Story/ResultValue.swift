import Foundation
import NuTuneCore
import NuTuneResults

/// Any value of a `results.json`, with access by path.
indirect enum ResultValue: Sendable, Decodable {
  case null
  case boolean(Bool)
  case number(Double)
  case text(String)
  case list([ResultValue])
  case object([String: ResultValue])

  init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    if container.decodeNil() {
      self = .null
    } else if let value = try? container.decode(Bool.self) {
      self = .boolean(value)
    } else if let value = try? container.decode(Double.self) {
      self = .number(value)
    } else if let value = try? container.decode(String.self) {
      self = .text(value)
    } else if let value = try? container.decode([ResultValue].self) {
      self = .list(value)
    } else {
      self = .object(try container.decode([String: ResultValue].self))
    }
  }

  /// Returns the value at a dotted path; elements of a list are selected by their index from zero, or by a value in
  /// them, `slices.energy=2.tv`. Keys that contain dots are found, too, and so are renamed ones by either name
  /// (``FormerKey``), because a story and its runs may be of different versions.
  func value(at path: String) throws -> ResultValue {
    try value(at: path.split(separator: ".").map(String.init)[...], of: path)
  }

  private func value(at rest: ArraySlice<String>, of path: String) throws -> ResultValue {
    guard let first = rest.first else { return self }
    let place = path.split(separator: ".").prefix(rest.startIndex).joined(separator: ".")
    func refuse(_ expected: String, _ names: [String]) -> NuTuneError {
      NuTuneError(
        .badData, found: "no “\(first)” \(place.isEmpty ? "at the top" : "in \(place)")", expected: expected,
        suggestion: Suggestion.nearest(to: first, among: names))
    }
    switch self {
    case .object(let entries):
      // The longest key first: `study.values.near.events` is one key below `values`.
      for end in stride(from: rest.endIndex, to: rest.startIndex, by: -1) {
        let key = rest[rest.startIndex..<end].joined(separator: ".")
        guard let value = entries[key] ?? FormerKey.otherName(of: key).flatMap({ entries[$0] }) else { continue }
        return try value.value(at: rest[end...], of: path)
      }
      let names = entries.keys.sorted()
      throw refuse(
        names.count > 12 ? "one of \(names.count) keys" : "one of \(names.joined(separator: ", "))", names)
    case .list(let elements):
      if let index = Int(first), elements.indices.contains(index) {
        return try elements[index].value(at: rest.dropFirst(), of: path)
      }
      let parts = first.split(separator: "=", maxSplits: 1).map(String.init)
      if parts.count == 2, let wanted = Double(parts[1]) {
        for element in elements {
          guard case .object(let entries) = element, case .number(let found)? = entries[parts[0]],
            abs(found - wanted) < 1e-9
          else { continue }
          return try element.value(at: rest.dropFirst(), of: path)
        }
      }
      throw refuse("an index below \(elements.count), or key=value of an element", [])
    default: throw refuse("nothing below a plain value", [])
    }
  }
}
