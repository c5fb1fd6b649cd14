import NuTuneCore

/// A detector whose response is a matrix in a CSV file, from a detector simulation for instance.
///
/// The header is `measured,true,probability`; a row gives the probability that a lepton of a true bin is measured in a
/// measured bin, which is zero for missing pairs. Bin (i, j) of two axes has the number i · (bins of the second axis) +
/// j, counted from 0. The probabilities of one true bin sum to at most one; the remainder is inefficiency.
///
/// Bins of a list of grids are counted on from one grid to the next. True bins are the measured ones, unless edges of
/// their own are given. Those may be finer and reach further; the matrix is valid for the distribution inside true bins
/// with which it was made, and more generally the finer they are.
///
/// ## Configuration keys
/// `file` (path, relative to the file that names it), `true_first_edges`, `true_second_edges` (edges of the true bins along
/// the two axes, in the observables and units of the measured ones).
package struct ResponseMatrixDetector: Detector {
  private let table: ResponseTable
  private let firstEdges: [Double]?
  private let secondEdges: [Double]?
  private let firstLocation: SourceLocation?
  private let secondLocation: SourceLocation?

  /// Name, parameters.
  package static let descriptor = PluginDescriptor(
    kind: .detector, name: "response-matrix",
    summary: "A response matrix from a CSV table (measured,true,probability; bins counted from 0).",
    parameters: [
      ParameterDeclaration("file", required: true, .text, "path of the CSV table"),
      ParameterDeclaration(
        "true_first_edges", required: false, edges,
        "edges of the true bins along the first axis; those of the measured bins when left out"),
      ParameterDeclaration(
        "true_second_edges", required: false, edges,
        "edges of the true bins along the second axis; those of the measured bins when left out"),
    ],
    citations: [])

  private static let edges = ParameterDomain.numbers(-1000...1000, count: 2...10_000)

  /// Reads the table; errors name file, line and column.
  package init(_ configuration: PluginConfiguration) throws {
    let parameters = configuration.parameters
    table = try ResponseTable(file: configuration.path(named: "file") ?? "")
    firstEdges = parameters.isGiven("true_first_edges") ? parameters.numbers("true_first_edges") : nil
    secondEdges = parameters.isGiven("true_second_edges") ? parameters.numbers("true_second_edges") : nil
    firstLocation = parameters.location(of: "true_first_edges")
    secondLocation = parameters.location(of: "true_second_edges")
  }

  /// Returns the measured bins, or the bins of the given edges; the matrix has to fit both.
  package func trueBinning(for measured: Binning) throws -> Binning {
    var binning = measured
    if firstEdges != nil || secondEdges != nil {
      // Along an axis without edges of its own true bins are as fine as all measured ones together.
      let common = try measured.commonRefinement().grid
      binning = try Binning(
        axis(common.first, firstEdges, "true_first_edges", firstLocation),
        axis(common.second, secondEdges, "true_second_edges", secondLocation))
    }
    try table.check(measured: measured.count, trueBins: binning.count)
    return binning
  }

  /// Returns the matrix.
  package func response(for measured: Binning) throws -> DetectorResponse {
    _ = try trueBinning(for: measured)
    var rows = [[(trueBin: Int, probability: Double)]](repeating: [], count: measured.count)
    for entry in table.entries { rows[entry.measured].append((entry.trueBin, entry.probability)) }
    // The order of sums does not depend on the order of the file.
    return .rows(rows.map { $0.sorted { $0.trueBin < $1.trueBin } })
  }

  private func axis(_ measured: Axis, _ edges: [Double]?, _ key: String, _ location: SourceLocation?) throws -> Axis {
    guard let edges else { return measured }
    do {
      return try Axis(measured.observable, edges: edges, at: location)
    } catch var error as NuTuneError {
      error.key = key
      throw error
    }
  }
}
