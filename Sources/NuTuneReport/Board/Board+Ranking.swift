import NuTuneCore
import NuTuneResults

extension Board {
  /// One sentence about which held-out prediction of a measurement is better, by χ² of norm and shape, among those
  /// whose sum is that of the data to ``MeasuredComparison/largestOffset``.
  func ranking(of measurement: Measurement) -> String {
    let limit = DecimalText.general(100 * MeasuredComparison.largestOffset)
    guard measurement.cells.contains(where: { $0.comparison.hasCorrelations ?? false }) else {
      return
        "No correlations between bins were published: only totals and χ² with independent errors are shown, and no "
        + "prediction is called better."
    }
    let heldOut = measurement.cells.filter { !$0.isLearned }
    let ranked = heldOut.filter(\.comparison.mayBeRanked).sorted {
      ($0.comparison.normShape ?? .infinity, $0.model) < ($1.comparison.normShape ?? .infinity, $1.model)
    }
    let left = heldOut.count - ranked.count
    let others = left == 0 ? "" : "; \(left) more than \(limit) % off in the sum \(left == 1 ? "is" : "are") not ranked"
    guard let best = ranked.first else {
      return "No held-out prediction has the sum of the data to \(limit) %, so none is called better."
    }
    guard ranked.count > 1 else {
      return
        "Of the held-out predictions only \(models[best.model].name) has the sum of the data to \(limit) %, so none is "
        + "called better."
    }
    let list = ranked.map {
      "\(models[$0.model].name) (\(DecimalText.general($0.comparison.normShape ?? 0, 4)))"
    }
    return
      "Held-out predictions from better to worse in χ² of norm and shape: \(list.joined(separator: ", "))\(others)."
  }

  /// One sentence about the flux components that were fitted with each model; empty where none were.
  func fluxPulls(of measurement: Measurement) -> String {
    let pulls = measurement.cells.compactMap { cell in
      cell.comparison.fluxPulls.map { pulls in
        "\(models[cell.model].name) \(pulls.map { DecimalText.fixed($0, 1) }.joined(separator: ", ")) "
          + "(χ² \(DecimalText.general(cell.comparison.chiSquare, 4)))"
      }
    }
    guard !pulls.isEmpty else { return "" }
    return "Pulls of the flux components that go best with each prediction, the largest first, and χ² with them: "
      + "\(pulls.joined(separator: "; "))."
  }

  /// One sentence about what a model learned from.
  func lesson(of model: Model) -> String {
    model.learnedFrom.isEmpty
      ? "\(model.name) (\(model.plugin)) learned from nothing."
      : "\(model.name) (\(model.plugin)) learned from \(model.learnedFrom.joined(separator: ", "))."
  }
}
