import NuTuneCatalog
import NuTuneCore
import NuTuneFiles

/// What `nutune measurement` says.
struct MeasurementSummary {
  let configuration: MeasurementConfiguration
  let agreement: MeasurementAgreement?

  init(_ configuration: MeasurementConfiguration, _ agreement: MeasurementAgreement?) {
    self.configuration = configuration
    self.agreement = agreement
  }

  private var measurement: CrossSectionMeasurement { configuration.measurement }

  private func digits(_ value: Double) -> String { SignificantDigits.text(value, 3) }

  /// Text for readers.
  func text() throws -> String {
    let term = try GaussianTerm(try configuration.measuredValues())
    let (bins, rank) = (measurement.bins.count, term.whitening.rank)
    var text = """
      \(configuration.name)
      \(bins) bins, sum \(digits(measurement.integral))\(measurement.integralError.map { " ± \(digits($0))" } ?? "") cm2/nucleon
      \(measurement.covariance == nil ? "no covariance, errors taken as independent" : "covariance of rank \(rank)"), \
      eigenvalues of the correlation count above \(digits(configuration.threshold)) of the largest
      plain χ² of a prediction of zero: \(chiSquare(try configuration.plainOfZero()))

      """
    if let cut = configuration.largestAngle {
      let beyond = bins - configuration.coveredBins.count
      text += "\(configuration.cutBins.count) bins reach beyond \(digits(cut))°; predictions hold the part within\n"
      if beyond > 0 { text += "\(beyond) bins are beyond \(digits(cut))°; studies leave them out\n" }
    }
    guard let agreement else { return text }
    text += "\nprediction: sum \(SignificantDigits.text(agreement.ratio, 4)) of the data\n"
    for one in agreement.comparisons {
      let name = one.statistic.rawValue
      text += "  \(name)\(String(repeating: " ", count: max(1, 12 - name.count)))"
      text += one.chiSquare.map { "χ² \(chiSquare($0)) for \(one.residuals)\n" } ?? "none: \(one.problem ?? "")\n"
    }
    return text
  }

  private func chiSquare(_ value: Double) -> String { SignificantDigits.text(value, value >= 1000 ? 5 : 4) }

  /// JSON for programs.
  func json() throws -> JSONValue {
    let term = try GaussianTerm(try configuration.measuredValues())
    var object: [String: JSONValue] = [
      "name": .text(configuration.name), "bins": .integer(measurement.bins.count),
      "sum_cm2_per_nucleon": .number(measurement.integral), "has_covariance": .boolean(measurement.covariance != nil),
      "rank": .integer(term.whitening.rank), "threshold": .number(configuration.threshold),
      "plain_of_zero": .number(try configuration.plainOfZero()), "cut_bins": .integer(configuration.cutBins.count),
      "covered_bins": .integer(configuration.coveredBins.count),
    ]
    object["sum_error_cm2_per_nucleon"] = measurement.integralError.map { .number($0) }
    guard let agreement else { return .object(object) }
    object["ratio"] = .number(agreement.ratio)
    object["statistics"] = .list(
      agreement.comparisons.map { one in
        var entry: [String: JSONValue] = [
          "statistic": .text(one.statistic.rawValue), "residuals": .integer(one.residuals), "rank": .integer(one.rank),
        ]
        entry["chi_square"] = one.chiSquare.map { .number($0) }
        entry["problem"] = one.problem.map { .text($0) }
        return .object(entry)
      })
    return .object(object)
  }
}
