import NuTuneCore

/// A flux read from a CSV table of energy bins.
///
/// The density is never negative, and its integral over every bin is the tabulated content. ν/cm²/GeV/POT; energies in
/// GeV. `smooth`: it is continuous, a parabola in each bin, see `BinExactDensity`; that follows a falling or rising
/// spectrum inside bins, but is not the published histogram (in DUNE's beam it moves single bins of leptons by up to 3
/// %). `histogram`: it is constant in each bin, as in a program that reads the histogram; for comparisons with one.
///
/// ## Configuration keys
/// `file` (path, relative to the file that names it), `offaxis` (m; only for tables with several off-axis positions),
/// `interpolation` (`smooth` or `histogram`).
package struct TabulatedFluxProvider: FluxProvider {
  /// The species of the table, in its order.
  package let species: [NeutrinoSpecies]
  /// The bin edges in GeV, shape [bins + 1].
  package let breakpoints: [Double]
  private let densities: [NeutrinoSpecies: any BinnedDensity]
  private let file: String

  /// Name, parameters.
  package static let descriptor = PluginDescriptor(
    kind: .flux, name: "tabulated-flux",
    summary:
      "A flux table (CSV: E_low_GeV, E_high_GeV, <species>_per_cm2_per_GeV_per_POT …), smoothed inside its bins so that each keeps its content; the published histogram itself with interpolation: histogram.",
    parameters: [
      ParameterDeclaration("file", required: true, .text, "path of the CSV table"),
      ParameterDeclaration(
        "offaxis", unit: "m", required: false, .nonNegative,
        "off-axis position, for tables with a column offaxis_m"),
      ParameterDeclaration(
        "interpolation", default: .text("smooth"), .choice(["smooth", "histogram"]),
        "inside the bins of the table: smooth, a continuous density that keeps the content of every bin, or histogram, constant in each bin as published, for comparisons with programs that take it so"
      ),
    ],
    citations: [
      Citation(
        key: "Steffen:1990",
        bibtex: """
          @article{Steffen:1990,
            author = {Steffen, M.},
            title = {A simple method for monotonic interpolation in one dimension},
            journal = {Astron. Astrophys.}, volume = {239}, pages = {443}, year = {1990}
          }
          """)
    ])

  /// Reads the table; errors name file, line and column.
  package init(_ configuration: PluginConfiguration) throws {
    let parameters = configuration.parameters
    let path = configuration.path(named: "file") ?? ""
    let table = try FluxTable(
      file: path, offaxis: parameters.optionalNumber("offaxis"), offaxisLocation: parameters.location(of: "offaxis"))
    file = path
    species = table.columns.map(\.species)
    breakpoints = table.edges
    let isHistogram = parameters.text("interpolation") == "histogram"
    var densities: [NeutrinoSpecies: any BinnedDensity] = [:]
    for column in table.columns {
      densities[column.species] =
        isHistogram
        ? HistogramDensity(edges: table.edges, means: column.densities)
        : BinExactDensity(edges: table.edges, means: column.densities)
    }
    self.densities = densities
  }

  /// Computes the flux density in ν/cm²/GeV/POT, shape [energies]; zero outside the table.
  package func density(of species: NeutrinoSpecies, at energies: [Double]) throws -> [Double] {
    let density = try self.density(of: species)
    return energies.map { density.density(at: $0) }
  }

  /// Computes the flux in ν/cm²/POT between two energies in GeV, exactly for the interpolation.
  package func integral(of species: NeutrinoSpecies, over interval: ClosedRange<Double>) throws -> Double {
    try density(of: species).integral(from: interval.lowerBound, to: interval.upperBound)
  }

  private func density(of species: NeutrinoSpecies) throws -> any BinnedDensity {
    guard let density = densities[species] else {
      throw NuTuneError(
        .badData, at: SourceLocation(file: file), key: "channel",
        found: "\(species.rawValue), a channel the flux does not have",
        expected: "one of \(self.species.map(\.rawValue).joined(separator: ", "))")
    }
    return density
  }
}
