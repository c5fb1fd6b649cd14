import NuTuneCore
import NuTuneNumerics
import NuTuneResults

/// How far predictions of measured values can be trusted, from pseudo-experiments: runs of one study whose measured values a
/// model made (`likelihood.pseudo_data`), each with another `seed.data`.
struct Calibration: Sendable {
  /// What a model is to a measurement.
  enum Standing: String, Sendable {
    /// It made the values.
    case truth
    /// It learned from them.
    case learned
    /// It learned from others, or from nothing.
    case heldOut = "held out"
  }

  /// One model beside one measurement in one pseudo-experiment.
  struct Experiment: Sendable {
    /// `seed.data`, as text.
    var seed: String
    /// Share of the bins within one standard deviation of data and prediction together; nil for data learned from, whose
    /// errors and those of the prediction are correlated.
    var within: Double?
    /// Root of the mean square of the pulls; nil for data learned from.
    var pull: Double?
    /// p value of the prediction; nil for data learned from, and where none was computed.
    var pValue: Double?
    /// Predicted over true sum of all bins; nil for the truth.
    var ratio: Double?
    /// Error of that ratio by the model; nil for one that does not know it.
    var ratioError: Double?
  }

  /// One model beside one measurement in all pseudo-experiments.
  struct Row: Sendable {
    /// Label of the model.
    var model: String
    /// Name of the measurement.
    var measurement: String
    /// What the model is to it.
    var standing: Standing
    /// In the order of the seeds.
    var experiments: [Experiment]

    /// Name in legends.
    var name: String { "\(model), \(measurement)" }
    /// The p values that are known.
    var pValues: [Double] { experiments.compactMap(\.pValue) }
    /// The shares that are known.
    var shares: [Double] { experiments.compactMap(\.within) }
  }

  /// Share of the bins within one standard deviation for right errors.
  static let nominal = SpecialFunctions.probability(withinSigmas: 1)

  /// Label of the model that made the values.
  let truth: String
  /// How many pseudo-experiments there are.
  let count: Int
  /// Truth first, then models in the order of the study, each beside all measurements.
  let rows: [Row]

  /// Nil for runs that are no pseudo-experiments of one truth.
  ///
  /// - Parameters:
  ///   - key: what differs between the runs.
  ///   - runs: results with the value of the key, in order.
  init?(over key: String, _ runs: [(value: String, results: StudyResults)]) {
    let truths = Set(runs.map { $0.results.study.values["likelihood.pseudo_data"]?.description })
    guard key == EffectiveStudy.dataSeedKey, truths.count == 1, let truth = truths.first.flatMap({ $0 }) else {
      return nil
    }
    var rows: [Row] = []
    for (seed, results) in runs {
      let sums = Dictionary(
        Self.comparisons(of: results.models[truth]).map { ($0.comparison.measurement ?? "", $0.comparison.ratio) },
        uniquingKeysWith: { first, _ in first })
      for label in results.orderedLabels {
        for (comparison, isLearned) in Self.comparisons(of: results.models[label]) {
          guard let measurement = comparison.measurement, let sum = sums[measurement] else { continue }
          let standing: Standing = label == truth ? .truth : isLearned ? .learned : .heldOut
          let experiment = Experiment(seed, comparison, standing, truth: sum)
          if let row = rows.firstIndex(where: { $0.model == label && $0.measurement == measurement }) {
            rows[row].experiments.append(experiment)
          } else {
            rows.append(Row(model: label, measurement: measurement, standing: standing, experiments: [experiment]))
          }
        }
      }
    }
    guard !rows.isEmpty else { return nil }
    self.truth = truth
    count = runs.count
    self.rows = rows.filter { $0.standing == .truth } + rows.filter { $0.standing != .truth }
  }

  /// Comparisons of a model with measurements, and whether it learned from them.
  private static func comparisons(of model: ModelResults?) -> [(comparison: MeasuredComparison, isLearned: Bool)] {
    guard let model else { return [] }
    return (model.near.measured ?? []).map { ($0, model.training != nil) }
      + (model.elsewhere?.measured ?? []).map { ($0, false) }
  }

  /// Largest distance of the distribution function of some numbers from that of uniform ones (Kolmogorov).
  static func distance(_ values: [Double]) -> Double {
    let (sorted, count) = (values.sorted(), Double(values.count))
    return sorted.indices.reduce(0) {
      max($0, abs(sorted[$1] - Double($1) / count), abs(sorted[$1] - Double($1 + 1) / count))
    }
  }

  /// Mean and standard deviation; nil of less than two numbers.
  static func spread(_ values: [Double]) -> (mean: Double, deviation: Double)? {
    guard values.count > 1 else { return nil }
    let mean = values.reduce(0, +) / Double(values.count)
    let squares = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
    return (mean, (squares / Double(values.count - 1)).squareRoot())
  }

  /// A row for each model and measurement.
  var table: TextTable {
    var table = TextTable(
      header: [
        "model", "measurement", "", "|pull| < 1", "scatter", "rms pull", "prediction/truth", "scatter", "error claimed",
        "mean p value", "uniform",
      ], leftColumns: 3)
    for row in rows {
      func mean(_ values: [Double], _ decimals: Int) -> String {
        Self.spread(values).map {
          "\(DecimalText.fixed($0.mean, decimals)) ± "
            + DecimalText.fixed($0.deviation / Double(values.count).squareRoot(), decimals)
        } ?? "–"
      }
      func scatter(_ values: [Double]) -> String {
        Self.spread(values).map { DecimalText.fixed($0.deviation, 2) } ?? "–"
      }
      let ratios = row.experiments.compactMap(\.ratio)
      table.append([
        row.model, row.measurement, row.standing.rawValue, mean(row.shares, 2), scatter(row.shares),
        mean(row.experiments.compactMap(\.pull), 2), mean(ratios, 3), scatter(ratios),
        Self.spread(row.experiments.compactMap(\.ratioError)).map { DecimalText.fixed($0.mean, 2) } ?? "–",
        mean(row.pValues, 2), uniformity(row.pValues).map { DecimalText.general($0, 2) } ?? "–",
      ])
    }
    return table
  }

  /// The probability that uniform p values are distributed as unevenly as these; nil without any.
  private func uniformity(_ pValues: [Double]) -> Double? {
    pValues.isEmpty
      ? nil : try? SpecialFunctions.kolmogorovProbability(above: Self.distance(pValues), samples: pValues.count)
  }

  /// What the columns say, one sentence each.
  static let legend =
    "|pull| < 1: share of the bins within one standard deviation of data and prediction together, 0.68 for right errors, "
    + "± the error of its mean; scatter: standard deviation from one pseudo-experiment to the next, in which bins are "
    + "correlated. prediction/truth: predicted over true sum of all bins; its scatter should be the error claimed. uniform: "
    + "probability that uniform p values are distributed as unevenly as these (Kolmogorov and Smirnov). Of data learned "
    + "from only the sum is said, because their errors are those of the prediction too."

  /// Everything as text for a terminal.
  var text: String {
    "Calibration in \(count) pseudo-experiments, whose values \(truth) made\n\n\(table.text)"
  }
}

extension Calibration.Experiment {
  /// A comparison in one pseudo-experiment, with the true over the measured sum of all bins.
  fileprivate init(
    _ seed: String, _ comparison: MeasuredComparison, _ standing: Calibration.Standing, truth sum: Double
  ) {
    self.seed = seed
    if standing != .truth {
      let ratio = comparison.ratio / sum
      (self.ratio, ratioError) = (ratio, comparison.predictive?.totalError.map { $0 * ratio })
    }
    guard standing != .learned else { return }
    within = comparison.predictive?.pullsWithinOne
    pull = comparison.predictive?.pullRootMeanSquare
    pValue = comparison.predictive?.pValue
  }
}
