import Foundation
import NuTuneCore

/// Events of a ROOT tree, read with uproot: GENIE's `gst` or NUISANCE's `FlatTree_VARS`.
enum EventTree {
  private static let columns = [
    "neutrino", "target", "charged", "lepton", "neutrino_energy", "lepton_energy", "cos_theta", "weight",
  ]

  /// The output of the script.
  private struct Answer: Decodable {
    var columns: [String: Data]?
    var scale: Double?
    var error: String?
  }

  static func read(
    _ path: String, format: EventFile.Format, python: PythonWithUproot, _ take: (GeneratedEvent) throws -> Void
  ) throws -> EventFile {
    guard FileManager.default.fileExists(atPath: path) else {
      throw NuTuneError(
        .missingInput, at: SourceLocation(file: path), found: "no such file", expected: "a ROOT file",
        suggestion: Suggestion.nearestFile(to: path))
    }
    return try read(answer: try python.readEvents(path, format: format.rawValue), path: path, take)
  }

  /// Takes the events that the script prints.
  static func read(answer: Data, path: String, _ take: (GeneratedEvent) throws -> Void) throws -> EventFile {
    let place = SourceLocation(file: path)
    guard let answer = try? JSONDecoder().decode(Answer.self, from: answer) else {
      throw NuTuneError(
        .runtime, at: place, found: "“\(String(decoding: answer.prefix(80), as: UTF8.self))” from the reading script",
        expected: "its answer in JSON")
    }
    if let error = answer.error {
      throw NuTuneError(.badData, at: place, found: error, expected: "a tree of events in the layout of --format")
    }
    let numbers = columns.map { name in
      (answer.columns?[name] ?? Data()).withUnsafeBytes { bytes in
        (0..<bytes.count / 8).map {
          Double(bitPattern: UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: 8 * $0, as: UInt64.self)))
        }
      }
    }
    let count = numbers[0].count
    guard numbers.allSatisfy({ $0.count == count }) else {
      throw NuTuneError(.runtime, at: place, found: "columns of several lengths", expected: "one length")
    }
    guard count > 0 else { throw NuTuneError(.badData, at: place, found: "0 events", expected: "at least one") }
    for event in 0..<count {
      func number(_ column: Int) throws -> Double {
        guard numbers[column][event].isFinite else {
          throw NuTuneError(
            .badData, at: place, key: "event \(event)", found: "\(numbers[column][event]) for \(columns[column])",
            expected: "a finite number")
        }
        return numbers[column][event]
      }
      func code(_ column: Int) throws -> Int { Int(exactly: try number(column)) ?? 0 }
      // Trees fill the lepton of events without one with what is no number.
      let isCharged = try number(2) != 0
      do {
        try take(
          GeneratedEvent(
            neutrino: try code(0), target: try code(1), isChargedCurrent: isCharged,
            lepton: isCharged ? try code(3) : 0, neutrinoEnergy: try number(4),
            leptonEnergy: isCharged ? try number(5) : 0, cosTheta: isCharged ? try number(6) : 1,
            weight: try number(7)))
      } catch let error as NuTuneError {
        throw error.located(at: place, key: "event \(event)")
      }
    }
    var file = EventFile(path: path)
    if let scale = answer.scale {
      guard scale > 0, scale.isFinite else {
        throw NuTuneError(
          .badData, at: place, key: "fScaleFactor", found: "\(scale)", expected: "cm2 per nucleon and event")
      }
      file.normalization = .perEvent(scale * 1e38)
    }
    return file
  }
}
