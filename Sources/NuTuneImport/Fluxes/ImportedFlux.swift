import NuTuneCore

/// A flux in the units of the catalog: spectra by species, at one position or at several off the axis.
package struct ImportedFlux: Sendable, Equatable {
  /// Spectra at one position.
  package struct Position: Sendable, Equatable {
    /// Off-axis position in m, nil for a table without positions.
    package var offaxis: Double?
    /// Spectra, one per species.
    package var spectra: [FluxSpectrum]
  }

  /// Positions in the order of the files.
  package var positions: [Position] = []

  /// The meaning of energies without edges.
  package enum Points: String, Sendable, CaseIterable {
    /// Centres of bins of one width; the contents belong to these bins.
    case centers
    /// Lower edges of bins; the last line only closes the last bin.
    case edges
    /// Points of a curve, linear between them.
    case curve

    static let question = Question(
      "--points", "Are energies the centres of bins, their lower edges, or points of a curve?",
      choices: "centers, edges or curve")
  }

  /// Upper limit on contents: larger ones are no numbers of neutrinos, and their sums and ratios may overflow.
  private static let largest = 1e60

  /// Interprets tables.
  package init(
    _ tables: [(table: ColumnTable, columns: [FluxColumn])], units: FluxUnits, points: Points?
  ) throws {
    for (table, columns) in tables {
      try FluxTableCheck.check(columns, of: table)
      for (offaxis, rows) in try Self.groups(table, columns) {
        let place = positions.firstIndex { $0.offaxis == offaxis }
        var position = place.map { positions[$0] } ?? Position(offaxis: offaxis, spectra: [])
        for (index, column) in columns.enumerated() {
          guard case .flux(let species) = column else { continue }
          guard !position.spectra.contains(where: { $0.species == species }) else {
            throw NuTuneError(
              .badData, at: SourceLocation(file: table.file), key: species.rawValue,
              found: "a second column of \(species.rawValue)", expected: "one in all files together")
          }
          position.spectra.append(
            try Self.spectrum(species, table, rows: rows, column: index, columns, units: units, points: points))
        }
        if let place { positions[place] = position } else { positions.append(position) }
      }
    }
    guard Set(positions.map { $0.offaxis == nil }).count == 1 else {
      throw NuTuneError(
        .badData, at: SourceLocation(file: tables[0].table.file), key: "offaxis",
        found: "tables with and without off-axis positions", expected: "one kind")
    }
  }

  /// Groups the rows by off-axis position, in the order of the file.
  private static func groups(_ table: ColumnTable, _ columns: [FluxColumn]) throws -> [(Double?, [Int])] {
    guard let column = columns.firstIndex(of: .offaxis) else { return [(nil, Array(table.rows.indices))] }
    var groups: [(Double?, [Int])] = []
    for row in table.rows.indices {
      let value = try table.requiredNumber(row: row, column: column)
      if let place = groups.firstIndex(where: { $0.0 == value }) {
        groups[place].1.append(row)
      } else {
        groups.append((value, [row]))
      }
    }
    return groups
  }

  private static func spectrum(
    _ species: NeutrinoSpecies, _ table: ColumnTable, rows all: [Int], column: Int, _ columns: [FluxColumn],
    units: FluxUnits, points: Points?
  ) throws -> FluxSpectrum {
    // A histogram that ends before the others of its table leaves fields empty.
    let rows = try all.filter { try table.number(row: $0, column: column) != nil }
    let contents = try rows.map { row in
      let content = try table.requiredNumber(row: row, column: column)
      guard content >= 0 else {
        throw NuTuneError(
          .badData, at: table.rows[row].location, key: species.rawValue, found: "the negative flux \(content)",
          expected: "a flux ≥ 0")
      }
      guard content <= largest else {
        throw NuTuneError(
          .badData, at: table.rows[row].location, key: species.rawValue, found: "the flux \(content)",
          expected: "one up to \(largest)")
      }
      return content
    }
    guard !rows.isEmpty else {
      throw NuTuneError(
        .badData, at: table.rows[all[0]].location, key: species.rawValue, found: "an empty column", expected: "a flux")
    }
    func energies(_ column: FluxColumn) throws -> [(energy: Double, location: SourceLocation)] {
      guard let index = columns.firstIndex(of: column) else { return [] }
      return try rows.map {
        (
          EnergyEdges.rounded(try table.requiredNumber(row: $0, column: index) * units.energy),
          table.rows[$0].location
        )
      }
    }
    let centers = try energies(.center)
    if points == .curve, !centers.isEmpty {
      let curve = contents.map { units.density($0, width: 1) }
      return FluxSpectrum(
        species: species, edges: try EnergyEdges.between(centers),
        densities: zip(curve, curve.dropFirst()).map { ($0 + $1) / 2 })
    }
    if points == .edges, !centers.isEmpty {
      guard contents[contents.count - 1] == 0 else {
        throw NuTuneError(
          .badData, at: centers[centers.count - 1].location, key: species.rawValue,
          found: "the flux \(contents[contents.count - 1]) above the last edge",
          expected: "0 in the last line, which only closes the last bin")
      }
    }
    let edges =
      centers.isEmpty
      ? try EnergyEdges.joined(
        zip(try energies(.low), try energies(.high)).map { ($0.energy, $1.energy, $0.location) })
      : points == .edges ? try EnergyEdges.between(centers) : try EnergyEdges.around(centers)
    return FluxSpectrum(
      species: species, edges: edges,
      densities: zip(edges, edges.dropFirst()).enumerated().map { units.density(contents[$0], width: $1.1 - $1.0) })
  }

  /// Returns the same flux with one list of edges per position: the given edges, or all edges of its spectra.
  package func rebinned(to edges: [Double]?) throws -> ImportedFlux {
    var copy = self
    copy.positions = try positions.map { position in
      let common = edges ?? EnergyEdges.union(position.spectra.map(\.edges))
      if let edges {
        let own = EnergyEdges.union(position.spectra.map(\.edges))
        guard edges[0] >= own[0] - EnergyEdges.margin(own[0]),
          edges[edges.count - 1] <= own[own.count - 1] + EnergyEdges.margin(own[own.count - 1])
        else {
          throw NuTuneError(
            .usage, key: "--rebin", found: "edges from \(edges[0]) to \(edges[edges.count - 1]) GeV",
            expected: "edges within \(own[0]) to \(own[own.count - 1]) GeV, which the flux covers")
        }
      }
      var position = position
      position.spectra = position.spectra.map { $0.rebinned(to: common) }
      return position
    }
    return copy
  }
}
