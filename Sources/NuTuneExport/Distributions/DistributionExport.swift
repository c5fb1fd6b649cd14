import Foundation
import NuTuneCore
import NuTuneReport

/// Distributions, contours and covariances of a run as CSV and as histograms of the Unified Histogram Interface.
package enum DistributionExport {
  /// Returns a CSV file for every distribution, contour and covariance of a run.
  package static func csv(_ run: FinishedRun, labels: [String]) -> [ExportedFile] {
    let distributions = ExportedDistribution.all(of: run, labels: labels).map { distribution in
      ExportedFile(
        name: "\(ExportedFile.name(of: distribution.name)).csv", note: distribution.title,
        content: .text(distribution.csv))
    }
    let fits = ExportedFit.all(of: run, labels: labels).flatMap { fit -> [ExportedFile] in
      let stem = ExportedFile.name(of: fit.label)
      return [
        fit.contourCSV.map {
          ExportedFile(name: "\(stem)-contours.csv", note: "contours of \(fit.label)", content: .text($0))
        },
        fit.covarianceCSV.map {
          ExportedFile(
            name: "\(stem)-covariance.csv", note: "covariance of the parameters, \(fit.label)", content: .text($0))
        },
      ].compactMap { $0 }
    }
    return distributions + fits
  }

  /// Returns a file of histograms for every sample, with variances, and for every slice.
  package static func histograms(_ run: FinishedRun, labels: [String]) throws -> [ExportedFile] {
    let samples = try (run.predictions.samples + (run.predictions.sums ?? []).map(\.sample)).map { sample in
      ExportedFile(
        name: "\(ExportedFile.name(of: sample.name)).json", note: sample.title,
        content: .bytes(
          [UInt8](
            try HistogramFile(sample: sample, labels: labels.filter { sample.models[$0] != nil }, withVariances: true)
              .bytes())))
    }
    return try samples
      + run.predictions.slices.map { slice in
        let energy = ParameterValue.number(slice.energy).description
        return ExportedFile(
          name: "slice-\(energy)-gev.json", note: "cross section at \(energy) GeV",
          content: .bytes(
            [UInt8](try HistogramFile(slice: slice, labels: labels.filter { slice.models[$0] != nil }).bytes())))
      }
  }
}
