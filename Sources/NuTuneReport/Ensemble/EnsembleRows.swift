import NuTuneResults

/// Tables of a merged ensemble, for both terminal and page.
enum EnsembleRows {
  private static let none = "–"

  /// Returns one row for each set, and one for the true cross section with the fluxes of a set.
  static func sets(_ results: EnsembleResults) -> TextTable {
    let parameters = results.parameters.map(FittedParameter.init)
    let levels = EnsembleResults.levels.map { DecimalText.general($0.sigmas) + "σ" }.joined(separator: ", ")
    var table = TextTable(
      header: ["varied", "members"] + parameters.flatMap { ["\($0.symbol) shift", "\($0.symbol) spread"] }
        + ["far tv", "truth in \(levels)", "of its regions"])
    for set in results.sets {
      table.append(row(set.title, set, set.model, parameters))
      if set.truth != nil { table.append(row("  true cross section", set, set.truth, parameters)) }
    }
    return table
  }

  private static func row(
    _ title: String, _ set: EnsembleResults.MemberSet, _ combination: EnsembleResults.Combination?,
    _ parameters: [FittedParameter]
  ) -> [String] {
    guard let combination else {
      return [title, "0 of \(set.planned)"] + Array(repeating: none, count: 2 * parameters.count + 3)
    }
    let isWhole = combination.members == set.planned
    var cells = [title, isWhole ? "\(set.planned)" : "\(combination.members) of \(set.planned)"]
    for name in parameters.map(\.name) {
      let (shift, spread) = (combination.shift[name], combination.spread[name])
      cells.append(shift.map { pair(DecimalText.signed($0.value, 2), DecimalText.fixed($0.error, 2)) } ?? none)
      cells.append(spread.map { pair(DecimalText.fixed($0.value, 2), DecimalText.fixed($0.error, 2)) } ?? none)
    }
    cells.append(pair(DecimalText.fixed(combination.farTv[0], 4), DecimalText.fixed(combination.farTv[1], 4)))
    let levels = EnsembleResults.levels.map(\.key)
    let held = levels.map { combination.holdsTruth[$0].map { $0 ? "yes" : "NO" } ?? none }
    let shares = levels.map { combination.holdsTruthRegion[$0].map { DecimalText.fixed($0, 3) } ?? none }
    return cells + [held.joined(separator: ", "), shares.joined(separator: ", ")]
  }

  private static func pair(_ value: String, _ error: String) -> String { "\(value) ± \(error)" }

  /// Returns the combined intervals of all sources together next to the interval with the true cross section, whose
  /// Δ(−2lnL) = 4 interval is not among the results.
  static func intervals(_ results: EnsembleResults) -> TextTable {
    var table = TextTable(
      header: [
        "parameter", "interval", "combined", "middle, half width", "/ σ_stat", "true cross section",
        "middle, half width", "/ σ_stat",
      ], leftColumns: 2)
    for name in results.parameters {
      let parameter = FittedParameter(name)
      for (number, level) in EnsembleResults.levels.enumerated() {
        let combined = results.sets.first?.model?.intervals[level.key]?[name]
        let truth = (number == 0 ? results.reference.intervals : results.referenceAtTwoSigma)?[name]
        table.append(
          [number == 0 ? parameter.heading : "", "\(DecimalText.general(level.sigmas))σ"]
            + cells(combined, parameter, results)
            + cells(
              truth.map { [$0.lower, $0.upper] }, parameter, results,
              remark: truth?.spansSeveralMinima == true ? ", both minima" : ""))
      }
    }
    return table
  }

  private static func cells(
    _ ends: [Double]?, _ parameter: FittedParameter, _ results: EnsembleResults, remark: String = ""
  ) -> [String] {
    guard let ends, ends.count == 2 else { return [none, none, none] }
    let half = (ends[1] - ends[0]) / 2
    let sigma = results.sigmaStat[parameter.name] ?? 0
    return [
      "\(parameter.text(ends[0])) to \(parameter.text(ends[1]))\(remark)",
      "\(parameter.text((ends[0] + ends[1]) / 2)) ± \(parameter.text(half))",
      sigma > 0 ? DecimalText.fixed(half / sigma, 2) : none,
    ]
  }

  /// Returns one sentence for a reference fit that did not converge, and for every member that is left out.
  static func troubles(_ results: EnsembleResults) -> [String] {
    var sentences: [String] = []
    if !results.reference.converged {
      sentences.append("NOT CONVERGED: oscillation fit with the true cross section: \(results.reference.verdict)")
    }
    for set in results.sets where set.unconvergedTrainings > 0 {
      sentences.append("NOT CONVERGED: training of \(set.unconvergedTrainings) members of \(set.name), which count")
    }
    for set in results.sets {
      guard let count = set.unconvergedTruthFits, count > 0 else { continue }
      sentences.append(
        "NOT CONVERGED: fit with the true cross section of \(count) members of \(set.name), which do not count there")
    }
    return sentences
  }

  /// Returns the members that are left out, with the reason.
  static func failures(_ results: EnsembleResults) -> [(member: String, reason: String)] {
    results.sets.flatMap { $0.failures.sorted { $0.key < $1.key } }.map { ($0.key, $0.value) }
  }
}
