import NuTuneCatalog
import NuTuneCore
import NuTuneFiles
import NuTuneNumerics

/// The files of a measurement entry in CSV.
enum MeasurementText {
  /// Writes bins, values and errors with a header.
  static func table(_ measurement: CrossSectionMeasurement) -> String {
    let rows = measurement.bins.indices.map { index in
      let bin = measurement.bins[index]
      return [
        bin.first.lowerBound, bin.first.upperBound, bin.second.lowerBound, bin.second.upperBound,
        measurement.values[index], measurement.errors[index],
      ].map { SignificantDigits.text($0, nil) }.joined(separator: ",")
    }
    return ([MeasurementConfiguration.columns(of: measurement.observables).joined(separator: ",")] + rows)
      .joined(separator: "\n") + "\n"
  }

  /// Writes a matrix without header.
  static func table(_ matrix: Matrix) -> String {
    (0..<matrix.rows).map { row in
      matrix.row(row).map { SignificantDigits.text($0, nil) }.joined(separator: ",") + "\n"
    }.joined()
  }
}
