import Foundation
import NuTuneCore
import NuTuneFiles
import NuTuneReport

/// A ROOT file of a run, written by uproot: TH2D of distributions with their variances, and of covariances; covariances as
/// TMatrixDSym; TGraph-like contours as TTree. Bins that are no product of axes become a TH1D over their numbers.
package struct RootExport: Encodable, Sendable {
  /// A histogram.
  struct Histogram: Encodable, Sendable {
    /// Name with folders, `far-numu-fhc/data`.
    var name: String
    /// Title.
    var title: String
    /// Titles of the axes, one or two.
    var axes: [String]
    /// Edges of each axis.
    var edges: [[Double]]
    /// Contents, the last axis fastest.
    var contents: [Double]
    /// Variances in the same order; nil without.
    var variances: [Double]?
  }

  /// A symmetric matrix.
  struct SymmetricMatrix: Encodable, Sendable {
    /// Name with folders.
    var name: String
    /// Its rows.
    var rows: [[Double]]
  }

  /// Points of contours, by branch.
  struct Contours: Encodable, Sendable {
    /// Name of the tree.
    var name: String
    /// Columns by name.
    var columns: [String: [Double]]
  }

  var histograms: [Histogram]
  var matrices: [SymmetricMatrix] = []
  var contours: [Contours]

  /// Collects what a run has.
  package init(_ run: FinishedRun, labels: [String]) {
    histograms = ExportedDistribution.all(of: run, labels: labels).flatMap { distribution in
      let grid = distribution.binning.grid
      return distribution.curves.map { curve in
        Histogram(
          name: "\(ExportedFile.name(of: distribution.name))/\(ExportedFile.name(of: curve.name))",
          title: "\(distribution.title), \(curve.name)\(distribution.isEvents ? " [events]" : "")",
          axes: grid?.observables.map { $0.unit.isEmpty ? $0.symbol : "\($0.symbol) [\($0.unit)]" } ?? ["bin"],
          edges: grid.map { [$0.first.edges, $0.second.edges] }
            ?? [(0...distribution.binning.count).map(Double.init)],
          contents: curve.values, variances: curve.errors?.map { $0 * $0 })
      }
    }
    contours = []
    for fit in ExportedFit.all(of: run, labels: labels) {
      let name = ExportedFile.name(of: fit.label)
      if let covariance = fit.covariance {
        let edges = (0...covariance.count).map(Double.init)
        let title = fit.fit.parameters.joined(separator: ", ")
        histograms.append(
          Histogram(
            name: "fits/\(name)-covariance", title: "covariance of \(title)", axes: [title, title],
            edges: [edges, edges], contents: covariance.flatMap { $0 }))
      }
      if let covariance = fit.covariance {
        matrices.append(SymmetricMatrix(name: "fits/\(name)-covariance-matrix", rows: covariance))
      }
      let points = fit.contourPoints
      guard !points.isEmpty, fit.fit.parameters.count >= 2 else { continue }
      contours.append(
        Contours(
          name: "fits/\(name)-contours",
          columns: [
            "probability": points.map(\.probability), "line": points.map { Double($0.line) },
            fit.fit.parameters[0]: points.map(\.first), fit.fit.parameters[1]: points.map(\.second),
          ]))
    }
  }

  /// Writes the file; a failure of the script is an exit-73 error.
  package func write(to path: String, with run: (_ script: String, _ arguments: [String]) throws -> Data) throws {
    let description = NSTemporaryDirectory() + "nutune-root-\(UUID().uuidString).json"
    defer { unlink(description) }
    try AtomicFile.write(try JSONFile.bytes(of: self, isCompact: true), to: description)
    let answer = try run(String(decoding: PackageResources.write_root_py, as: UTF8.self), [description, path])
    guard String(decoding: answer, as: UTF8.self).hasPrefix("written") else {
      throw NuTuneError(
        .cannotWrite, at: SourceLocation(file: path),
        found: String(decoding: answer.prefix(300), as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines),
        expected: "a ROOT file from uproot")
    }
  }
}
