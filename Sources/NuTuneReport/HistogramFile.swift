import Foundation
import NuTuneCore
import NuTuneResults

/// Histograms in the JSON serialization of UHI (Unified Histogram Interface, scikit-hep), schema 1: one file holds
/// named histograms, so that boost-histogram, hist and others can read the data of a figure.
struct HistogramFile: Encodable, Sendable {
  /// A value of a metadata map.
  enum Metadata: Encodable, Sendable, Equatable {
    /// Text.
    case text(String)
    /// A number.
    case number(Double)

    func encode(to encoder: any Encoder) throws {
      var container = encoder.singleValueContainer()
      switch self {
      case .text(let text): try container.encode(text)
      case .number(let number): try container.encode(number)
      }
    }
  }

  /// An axis with given edges, without overflow bins.
  struct VariableAxis: Encodable, Sendable {
    var type = "variable"
    var edges: [Double]
    var underflow = false
    var overflow = false
    var circular = false
    var metadata: [String: Metadata]
  }

  /// Bin contents, nested by axis.
  struct Storage: Encodable, Sendable {
    var type = "double"
    var values: [[Double]]
  }

  /// One histogram.
  struct Entry: Encodable, Sendable {
    var schema = 1
    var metadata: [String: Metadata]
    var axes: [VariableAxis]
    var storage: Storage

    enum CodingKeys: String, CodingKey {
      case schema = "uhi_schema"
      case metadata
      case axes
      case storage
    }
  }

  /// Histograms by name: `data`, `truth`, `model:LABEL`.
  var entries: [String: Entry]

  /// Creates the histograms of a sample, in expected events, or with sum one when the events are infinite.
  init(sample: Predictions.SamplePrediction, labels: [String]) {
    let named =
      [("data", sample.data), ("truth", sample.truth)] + labels.map { ("model:\($0)", sample.models[$0] ?? []) }
    entries = Self.entries(
      named, binning: sample.binning, scale: sample.events ?? 1,
      metadata: ["sample": .text(sample.name), "title": .text(sample.title)]
        .merging(sample.events.map { ["events": .number($0)] } ?? [:]) { $1 })
  }

  /// Creates the histograms of a slice, with sum one.
  init(slice: Predictions.SlicePrediction, labels: [String]) {
    let named = [("truth", slice.truth)] + labels.map { ("model:\($0)", slice.models[$0] ?? []) }
    entries = Self.entries(
      named, binning: slice.binning, scale: 1, metadata: ["neutrino_energy": .number(slice.energy)])
  }

  private static func entries(
    _ named: [(String, [Double])], binning: Binning, scale: Double, metadata: [String: Metadata]
  ) -> [String: Entry] {
    let axes = [binning.first, binning.second].map { axis in
      VariableAxis(
        edges: axis.edges,
        metadata: [
          "name": .text(axis.observable.rawValue), "label": .text(axis.observable.symbol),
          "unit": .text(axis.observable.unit),
        ])
    }
    let columns = binning.second.count
    return Dictionary(
      uniqueKeysWithValues: named.map { name, contents in
        let values = (0..<binning.first.count).map { row in
          contents[(row * columns)..<((row + 1) * columns)].map { $0 * scale }
        }
        return (name, Entry(metadata: metadata, axes: axes, storage: Storage(values: values)))
      })
  }

  func encode(to encoder: any Encoder) throws {
    try entries.encode(to: encoder)
  }

  /// The file's bytes; keys are sorted, so that equal histograms are equal bytes.
  func bytes() throws -> Data {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    return try encoder.encode(self)
  }
}
