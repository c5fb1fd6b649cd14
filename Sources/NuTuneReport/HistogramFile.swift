import Foundation
import NuTuneCore
import NuTuneResults

/// Histograms in the JSON serialization of UHI (Unified Histogram Interface, scikit-hep), schema 1: one file holds
/// named histograms, so that boost-histogram, hist and others can read the data of a figure.
package struct HistogramFile: Encodable, Sendable {
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

  /// Numbers of all bins, nested by axis.
  enum Contents: Encodable, Sendable {
    /// Of two axes.
    case grid([[Double]])
    /// Of one axis.
    case list([Double])

    func encode(to encoder: any Encoder) throws {
      var container = encoder.singleValueContainer()
      switch self {
      case .grid(let rows): try container.encode(rows)
      case .list(let values): try container.encode(values)
      }
    }
  }

  /// Bin contents.
  struct Storage: Encodable, Sendable {
    /// `double`, or `weighted` with variances.
    var type: String
    var values: Contents
    /// Squares of the errors; nil without errors of their own.
    var variances: Contents?
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

  /// Histograms by name: `data`, `truth` if there is one, `model:LABEL`.
  var entries: [String: Entry]

  /// Creates the histograms of a sample, in expected events, or with sum one when the events are infinite.
  ///
  /// - Parameter withVariances: whether counted data have their Poisson variances, and models those of their posterior
  ///   where they know it; measured data always have the squares of their errors.
  package init(sample: Predictions.SamplePrediction, labels: [String], withVariances: Bool = false) {
    var errors: [String: [Double]] = [:]
    errors["data"] = sample.errors
    if withVariances {
      errors["data"] = sample.dataErrors
      for label in labels { errors["model:\(label)"] = sample.uncertainties?[label]?.bins }
    }
    entries = Self.entries(
      [("data", sample.data)] + Self.curves(sample.truth, sample.models, labels), errors: errors,
      binning: sample.binning, scale: sample.events ?? 1,
      metadata: ["sample": .text(sample.name), "title": .text(sample.title)]
        .merging(sample.events.map { ["events": .number($0)] } ?? [:]) { $1 })
  }

  /// Creates the histograms of a slice, with sum one.
  package init(slice: Predictions.SlicePrediction, labels: [String]) {
    entries = Self.entries(
      Self.curves(slice.truth, slice.models, labels), binning: slice.binning, scale: 1,
      metadata: ["neutrino_energy": .number(slice.energy)])
  }

  private static func curves(
    _ truth: [Double]?, _ models: [String: [Double]], _ labels: [String]
  ) -> [(String, [Double])] {
    (truth.map { [("truth", $0)] } ?? []) + labels.map { ("model:\($0)", models[$0] ?? []) }
  }

  /// Returns histograms by name; `errors` are standard deviations by the same names.
  private static func entries(
    _ named: [(String, [Double])], errors: [String: [Double]] = [:], binning: Binning, scale: Double,
    metadata: [String: Metadata]
  ) -> [String: Entry] {
    let axes = axes(of: binning)
    return Dictionary(
      uniqueKeysWithValues: named.map { name, contents in
        let squares = errors[name].map { $0.map { $0 * $0 } }
        let storage = Storage(
          type: squares == nil ? "double" : "weighted", values: nested(contents, binning, scale),
          variances: squares.map { nested($0, binning, scale * scale) })
        return (name, Entry(metadata: metadata, axes: axes, storage: storage))
      })
  }

  private static func nested(_ contents: [Double], _ binning: Binning, _ scale: Double) -> Contents {
    guard let grid = binning.grid else { return .list(contents.map { $0 * scale }) }
    let columns = grid.second.count
    return .grid(
      (0..<grid.first.count).map { row in
        contents[(row * columns)..<((row + 1) * columns)].map { $0 * scale }
      })
  }

  /// Returns both axes of a grid. Bins of several grids are no product of axes, and those that the hadronic energy divides
  /// stand like them: in order along one axis of their numbers, whose metadata hold the ranges of all bins as JSON text,
  /// since UHI allows only texts and numbers.
  private static func axes(of binning: Binning) -> [VariableAxis] {
    if let grid = binning.grid {
      return [grid.first, grid.second].map { axis in
        VariableAxis(
          edges: axis.edges,
          metadata: [
            "name": .text(axis.observable.rawValue), "label": .text(axis.observable.symbol),
            "unit": .text(axis.observable.unit),
          ])
      }
    }
    func text(_ ranges: [ClosedRange<Double>]) -> Metadata {
      .text("[" + ranges.map { "[\($0.lowerBound), \($0.upperBound)]" }.joined(separator: ", ") + "]")
    }
    func key(_ observable: Observable) -> String {
      observable.rawValue + (observable.unit.isEmpty ? "" : " [\(observable.unit)]")
    }
    let bins = (0..<binning.count).map { binning.allRanges(of: $0) }
    return [
      VariableAxis(
        edges: (0...binning.count).map(Double.init),
        metadata: [
          "name": .text("bin"), "label": .text("bin"), "unit": .text(""),
        ].merging(
          binning.observableNames.enumerated().map { position, observable in
            (key(observable), text(bins.map { $0[position] }))
          }
        ) { $1 })
    ]
  }

  package func encode(to encoder: any Encoder) throws {
    try entries.encode(to: encoder)
  }

  /// The file's bytes; keys are sorted, so that equal histograms are equal bytes.
  package func bytes() throws -> Data {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    return try encoder.encode(self)
  }
}
