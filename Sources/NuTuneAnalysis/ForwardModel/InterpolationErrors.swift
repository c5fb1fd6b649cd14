import Foundation
import NuTuneCore
import NuTuneStatistics

/// How far interpolation inside tables of cross sections moves the shapes of a study's samples, by label of the model: tv
/// between all points of the table and every second one, divided by what halving a resolved table multiplies its error with,
/// less one.
package struct InterpolationErrors: Sendable {
  /// Interpolation is of second order in the distance of points: half of them err four times as much.
  private static let gain = 3.0
  /// A tv above this is warned about.
  static let largest = 1e-3

  /// Estimated tv by label and name of the sample.
  package private(set) var estimates: [String: [String: Double]] = [:]
  private var labels: [String] = []

  package init() {}

  /// Adds the estimate of a model, if it is one that interpolates.
  ///
  /// - Parameter responses: of the model with all points.
  package mutating func add(
    _ model: any CrossSectionModel, label: String, _ responses: ModelResponses, _ oscillation: any OscillationModel
  ) throws {
    guard let halved = (model as? any InterpolatedModel)?.halved else { return }
    let folded = responses.folded
    let coarse = try ModelResponses(of: halved, in: folded)
    let fine = try responses.nearRates() + responses.farRates(oscillation)
    let half = try coarse.nearRates() + coarse.farRates(oscillation)
    var byName: [String: Double] = [:]
    for (sample, (all, some)) in zip(folded.near + folded.far, zip(fine, half)) {
      let (total, part) = (all.reduce(0, +), some.reduce(0, +))
      guard total > 0, part > 0 else { continue }
      let change = try FiguresOfMerit.totalVariation(all.map { $0 / total }, some.map { $0 / part })
      byName[sample.sample.name] = change / Self.gain
    }
    estimates[label] = byName
    labels.append(label)
  }

  /// One sentence for every model, and whether it is a warning.
  package var sentences: [(text: String, isWarning: Bool)] {
    labels.map { label in
      let byName = estimates[label] ?? [:]
      let parts = byName.sorted { $0.key < $1.key }.map { "\(String(format: "%.1e", $0.value)) in \($0.key)" }
      return (
        "\(label): interpolation between the points of its table moves shapes by about tv \(parts.joined(separator: ", ")), "
          + "judged by every second point",
        byName.values.contains { $0 > Self.largest }
      )
    }
  }
}
