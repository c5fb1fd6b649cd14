import NuTuneResults

/// Milestones with the exposures at which they are reached as text for a terminal.
package enum MilestoneTable {
  /// Returns a row for every milestone: the exposure with the true cross section, and with each model that and how much
  /// more it is, in kt MW yr where the study says its exposure and relative to it otherwise; then the fits that have not
  /// converged.
  package static func text(_ results: MilestoneResults) -> String {
    let unit = results.unit
    var table = TextTable(
      header: ["exposure \(unit == nil ? "relative to the study" : "in kt MW yr")"] + results.labels, leftColumns: 1)
    for milestone in results.milestones {
      let truth = milestone.models["truth"]
      table.append(
        [milestone.title]
          + results.labels.map { label in
            guard let reach = milestone.models[label] else { return "–" }
            return shown(reach, unit: unit) + (label == "truth" ? "" : more(reach, than: truth))
          })
    }
    return table.text + unconverged(results)
  }

  private static func unconverged(_ results: MilestoneResults) -> String {
    results.answers.sorted { $0.key < $1.key }.flatMap { question, models in
      models.sorted { $0.key < $1.key }.flatMap { label, points in
        points.filter { !$0.converged }.map { point in
          let place =
            "δ_CP = \(DecimalText.general(point.value, 5)), \(DecimalText.general(point.exposure ?? 1, 5)) × exposure"
          return "NOT CONVERGED: \(question) at \(place), \(label)\n"
        }
      }
    }.joined()
  }

  /// An exposure, or the end of those that were looked at.
  static func shown(_ reach: MilestoneResults.Reach, unit: Double?) -> String {
    let text = DecimalText.general(reach.exposure * (unit ?? 1), 3)
    switch reach.limit {
    case .below: return "< \(text)"
    case .above: return "> \(text)"
    case nil: return text
    }
  }

  /// How much more exposure than with the true cross section, in percent; nothing where one of both is not known.
  private static func more(_ reach: MilestoneResults.Reach, than truth: MilestoneResults.Reach?) -> String {
    guard let truth, truth.limit == nil, reach.limit == nil else { return "" }
    return " (\(DecimalText.signed(100 * (reach.exposure / truth.exposure - 1), 1)) %)"
  }
}
