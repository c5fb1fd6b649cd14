import NuTuneCore
import NuTuneResults

extension Board {
  /// Marks a cell of data that the model learned from.
  static let mark = "●"

  /// Everything as text for a terminal.
  package var text: String {
    let parts = measurements.map { measurement in
      let flux = fluxPulls(of: measurement)
      return "\n\(heading(of: measurement))\n" + table(of: measurement).text + ranking(of: measurement) + "\n"
        + (flux.isEmpty ? "" : flux + "\n")
    }
    let tension = tensions.isEmpty ? "" : "\nTension between measurements\n" + tensionTable.text
    return overview.text + "\(Self.mark) learned from\(hasWeights ? Self.weightNote : "")\n" + parts.joined() + tension
      + troubles.map { "WARNING: \(PrintableText.line($0))\n" }.joined()
  }

  /// Whether a model learned from a measurement with a weight.
  private var hasWeights: Bool {
    measurements.contains { $0.cells.contains { $0.isLearned && $0.comparison.weight != nil } }
  }
  private static let weightNote = ", × how often χ² counted in the fit; χ² here is with the published errors"

  /// One line about a measurement.
  func heading(of measurement: Measurement) -> String {
    let zero = measurement.cells.first.map { ", plain χ² of zero \(DecimalText.general($0.comparison.plainOfZero, 4))" }
    return "\(measurement.name): \(measurement.bins) bins\(zero ?? "")"
  }

  /// χ² of norm and shape with the ratio of the sums, models × measurements.
  var overview: TextTable {
    var table = TextTable(header: ["norm–shape χ² (prediction/data)"] + measurements.map { "\($0.name) [\($0.bins)]" })
    for (index, model) in models.enumerated() {
      table.append(
        [model.name]
          + measurements.map { measurement in
            guard let cell = measurement.cells.first(where: { $0.model == index }) else { return "–" }
            let chiSquare = cell.comparison.normShape.map { DecimalText.general($0, 4) } ?? "–"
            let ratio = DecimalText.fixed(cell.comparison.ratio, 2)
            return "\(chiSquare) (\(ratio))\(cell.isLearned ? " \(cell.lesson)" : "")"
          })
    }
    return table
  }

  /// Every figure about one measurement, a row for each model.
  func table(of measurement: Measurement) -> TextTable {
    var table = TextTable(header: [
      "model", "learned", "prediction/data", "norm–shape χ²", "plain χ²", "χ² with its error", "log score", "rms pull",
      "|pull| < 1", "p value", "not covered", "ranked",
    ])
    func text(_ value: Double?, _ digits: Int = 4) -> String {
      value.map { DecimalText.general($0, digits) } ?? "–"
    }
    func sum(_ ratio: Double, _ predictive: PredictiveAgreement?) -> String {
      DecimalText.fixed(ratio, 2)
        + (predictive?.totalError.map { " ± \(DecimalText.fixed($0 * ratio, 2))" } ?? "")
    }
    func agreement(_ predictive: PredictiveAgreement?) -> [String] {
      [
        text(predictive?.chiSquare), text(predictive?.logScore), text(predictive?.pullRootMeanSquare, 3),
        text(predictive?.pullsWithinOne, 2), text(predictive?.pValue, 2),
      ]
    }
    for cell in measurement.cells {
      let (name, one) = (models[cell.model].name, cell.comparison)
      table.append(
        [
          name, cell.lesson, sum(one.ratio, one.predictive), text(one.normShape), text(one.plain),
        ] + agreement(one.predictive) + [
          one.uncovered.map { "\(DecimalText.general(100 * $0, 2)) %" } ?? "–", one.mayBeRanked ? "yes" : "–",
        ])
      guard let given = one.givenLearned else { continue }
      table.append(
        [
          "\(name), given \(given.measurements.joined(separator: " + "))", "", sum(given.ratio, given.predictive), "–",
          "–",
        ] + agreement(given.predictive) + ["–", "–"])
    }
    return table
  }

  /// Tensions, a row for each way in which a model learned from parts.
  var tensionTable: TextTable {
    var table = TextTable(
      header: ["together", "alone", "χ² together", "χ² alone", "difference", "parameters saved", "p value", "ln B"],
      leftColumns: 2)
    for (run, tension) in tensions {
      func text(_ value: Double?) -> String { value.map { DecimalText.general($0, 3) } ?? "–" }
      table.append([
        run.isEmpty ? tension.joint : "\(run)/\(tension.joint)", tension.alone.joined(separator: " + "),
        DecimalText.general(tension.jointChiSquare, 4),
        tension.aloneChiSquares.map { DecimalText.general($0, 4) }.joined(separator: " + "), text(tension.difference),
        text(tension.savedParameters), text(tension.pValue), text(tension.logBayesFactor),
      ])
    }
    return table
  }

  /// Every number, for programs: cells and tensions.
  var files: [CommaSeparatedTable] {
    var board = CommaSeparatedTable(
      name: "board",
      header: [
        "measurement", "run", "model", "plugin", "learned", "given", "ranked", "statistic", "bins", "ratio",
        "chi_square",
        "norm_shape", "plain", "plain_of_zero", "chi_square_with_prediction_error", "log_score", "pull_rms",
        "pulls_within_one", "p_value", "pseudo_experiments", "prediction_error", "uncovered", "weight",
      ])
    for measurement in measurements {
      for cell in measurement.cells {
        let (model, one) = (models[cell.model], cell.comparison)
        func append(
          _ predictive: PredictiveAgreement?, given: [String], ranked: Bool, _ sums: [Double?], uncovered: Double?
        ) {
          board.append(
            [
              measurement.name, model.run, model.label, model.plugin, cell.isLearned ? "yes" : "no",
              given.joined(separator: " + "), ranked ? "yes" : "no", one.statistic, "\(measurement.bins)",
            ],
            sums + [
              predictive?.chiSquare, predictive?.logScore, predictive?.pullRootMeanSquare, predictive?.pullsWithinOne,
              predictive?.pValue, predictive?.experiments.map(Double.init), predictive?.totalError, uncovered,
              cell.isLearned ? one.weight ?? 1 : nil,
            ])
        }
        append(
          one.predictive, given: [], ranked: one.mayBeRanked,
          [one.ratio, one.chiSquare, one.normShape, one.plain, one.plainOfZero], uncovered: one.uncovered)
        if let given = one.givenLearned {
          append(
            given.predictive, given: given.measurements, ranked: false, [given.ratio, nil, nil, nil, nil],
            uncovered: nil)
        }
      }
    }
    var tension = CommaSeparatedTable(
      name: "tensions",
      header: [
        "run", "together", "alone", "samples", "chi_square_together", "chi_square_alone", "difference",
        "saved_parameters", "p_value", "ln_bayes_factor",
      ])
    for (run, one) in tensions {
      tension.append(
        [
          run, one.joint, one.alone.joined(separator: " + "),
          one.samples.map { $0.joined(separator: " ") }.joined(separator: " + "),
        ],
        [
          one.jointChiSquare, one.aloneChiSquares.reduce(0, +), one.difference, one.savedParameters, one.pValue,
          one.logBayesFactor,
        ])
    }
    return [board, tension]
  }
}
