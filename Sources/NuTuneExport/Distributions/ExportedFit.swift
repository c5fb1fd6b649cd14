import NuTuneCore
import NuTuneReport
import NuTuneResults
import NuTuneRuns

/// One oscillation fit of a run: contours of its first two parameters and the covariance of all.
struct ExportedFit: Sendable {
  /// `truth`, the label of a model, or that of its fit at the posterior mean.
  var label: String
  /// The results.
  var fit: OscillationResults

  /// Returns the fits of the truth and of some models.
  static func all(of run: FinishedRun, labels: [String]) -> [ExportedFit] {
    let truth = run.results.truth.oscillation.map { [ExportedFit(label: "truth", fit: $0)] } ?? []
    return truth
      + labels.flatMap { label -> [ExportedFit] in
        guard let model = run.results.models[label] else { return [] }
        return [(label, model.oscillation), (FitLabel.atPosteriorMean(of: label), model.oscillationAtPosteriorMean)]
          .compactMap { name, fit in fit.map { ExportedFit(label: name, fit: $0) } }
      }
  }

  /// Covariance of the fitted parameters from the Hessian at the nearest minimum, in their units, shape
  /// [parameters][parameters]; nil where a parameter has no error.
  var covariance: [[Double]]? {
    let errors = fit.parameters.compactMap { fit.errors[$0] }
    guard errors.count == fit.parameters.count, !errors.isEmpty else { return nil }
    var covariance = [[Double]](repeating: [Double](repeating: 0, count: errors.count), count: errors.count)
    for i in errors.indices {
      for j in errors.indices {
        let correlation: Double? = i == j ? 1 : fit.correlations?[i][j] ?? (errors.count == 2 ? fit.correlation : nil)
        guard let correlation else { return nil }
        covariance[i][j] = correlation * errors[i] * errors[j]
      }
    }
    return covariance
  }

  /// Points of the contours in order: percentage of probability, number of the line, the two parameters.
  var contourPoints: [(probability: Double, line: Int, first: Double, second: Double)] {
    fit.contours.sorted { $0.value.probability < $1.value.probability }.flatMap { _, contour in
      contour.lines.enumerated().flatMap { index, line in
        line.filter { $0.count == 2 }.map { (contour.probability, index, $0[0], $0[1]) }
      }
    }
  }

  /// The contours as CSV; nil without any.
  var contourCSV: String? {
    let points = contourPoints
    guard !points.isEmpty, fit.parameters.count >= 2 else { return nil }
    return "probability,line,\(fit.parameters[0]),\(fit.parameters[1])\n"
      + points.map { "\($0.probability),\($0.line),\($0.first),\($0.second)\n" }.joined()
  }

  /// The covariance as CSV, a named row for each parameter; nil without one.
  var covarianceCSV: String? {
    covariance.map { rows in
      "parameter,\(fit.parameters.joined(separator: ","))\n"
        + zip(fit.parameters, rows).map { name, row in
          "\(name),\(row.map { "\($0)" }.joined(separator: ","))\n"
        }.joined()
    }
  }
}
