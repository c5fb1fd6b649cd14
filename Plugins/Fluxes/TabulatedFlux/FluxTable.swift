import NuTuneCore

/// A flux table in a file: edges and mean densities by species.
///
/// CSV with a header: `E_low_GeV,E_high_GeV` and one column `<species>_per_cm2_per_GeV_per_POT` per species; a table of
/// several off-axis positions has a first column `offaxis_m`. Lines that start with `#` are comments.
struct FluxTable: Sendable {
  /// Bin edges in GeV, strictly increasing, shape [bins + 1].
  var edges: [Double] = []
  /// Mean flux density in ν/cm²/GeV/POT by species in the order of the file, each of shape [bins].
  var columns: [(species: NeutrinoSpecies, densities: [Double])] = []

  private static let unit = "_per_cm2_per_GeV_per_POT"

  /// Reads a table; `offaxis` in m selects the position in a table of several.
  init(file: String, offaxis: Double?, offaxisLocation: SourceLocation? = nil) throws {
    let content = "a flux table in CSV, E_low_GeV,E_high_GeV,numu\(Self.unit),…"
    var lines = try DelimitedFile(file, content: content).lines
    let header = lines.removeFirst()
    let species = try Self.species(in: header)
    columns = species.map { ($0, []) }
    let isOffAxis = header.fields[0].text == "offaxis_m"
    let offset = isOffAxis ? 1 : 0
    guard isOffAxis || offaxis == nil else {
      throw NuTuneError(
        .badData, at: offaxisLocation, key: "offaxis", found: "an off-axis position",
        expected: "none, as \(file) has no column offaxis_m")
    }

    var positions: [Double] = []
    var previous: (line: DelimitedFile.Line, low: Double, high: Double)?
    for line in lines {
      try line.requireFields(header.fields.count, because: "as in the header")
      let values = try header.fields.enumerated().map { try line.number($0, key: $1.text) }
      if isOffAxis {
        if !positions.contains(values[0]) { positions.append(values[0]) }
        guard values[0] == offaxis else { continue }
      }
      try append(line, Array(values.dropFirst(offset)), offset: offset, after: previous?.high)
      previous = (line, values[offset], values[offset + 1])
    }
    guard previous != nil else {
      guard isOffAxis, !positions.isEmpty else {
        throw NuTuneError(
          .badData, at: header.location(of: 0), found: "a header without rows", expected: "at least one energy bin")
      }
      let known = positions.map { ParameterValue.number($0).description }.joined(separator: ", ")
      throw NuTuneError(
        .badData, at: offaxisLocation, key: "offaxis",
        found: offaxis.map { "\(ParameterValue.number($0)) m" } ?? "nothing",
        expected: "one of the positions of \(file): \(known) m")
    }
  }

  /// Adds a bin, which has to start where the one before ended.
  private mutating func append(_ line: DelimitedFile.Line, _ values: [Double], offset: Int, after high: Double?) throws
  {
    let (low, top) = (values[0], values[1])
    func refuse(_ field: Int, _ found: String, _ expected: String) -> NuTuneError {
      NuTuneError(.badData, at: line.location(of: field), key: "energy bins", found: found, expected: expected)
    }
    guard low >= 0 else { throw refuse(offset, "E_low \(low)", "an energy ≥ 0 in GeV") }
    guard low < top else {
      throw refuse(offset + 1, "E_high \(top) not above E_low \(low)", "strictly increasing edges")
    }
    if let high {
      // Edges printed from sums (0.1 + 0.2) may differ in the last digits.
      guard abs(low - high) <= 1e-9 * high else {
        let words = low < high ? "overlapping or out of order" : "leaving a gap"
        throw refuse(
          offset, "E_low \(low) after E_high \(high), \(words)", "E_low equal to the E_high of the row above")
      }
    } else {
      edges = [low]
    }
    edges.append(top)
    for (index, density) in values.dropFirst(2).enumerated() {
      guard density >= 0 else {
        throw NuTuneError(
          .badData, at: line.location(of: offset + 2 + index), key: columns[index].species.rawValue,
          found: "the negative flux \(density)", expected: "a flux ≥ 0 in ν/cm²/GeV/POT")
      }
      // Sums over bins have to stay finite.
      guard density <= 1e100 else {
        throw NuTuneError(
          .badData, at: line.location(of: offset + 2 + index), key: columns[index].species.rawValue,
          found: "the flux \(density)", expected: "a flux up to 1e100 in ν/cm²/GeV/POT")
      }
      columns[index].densities.append(density)
    }
  }

  /// Returns the species of the header's columns.
  private static func species(in header: DelimitedFile.Line) throws -> [NeutrinoSpecies] {
    let names = header.fields.map(\.text)
    let offset = names.first == "offaxis_m" ? 1 : 0
    for (index, name) in ["E_low_GeV", "E_high_GeV"].enumerated() {
      let column = min(offset + index, names.count - 1)
      guard names.count > offset + index, names[column] == name else {
        throw NuTuneError(
          .badData, at: header.location(of: column), key: "header", found: "“\(names[column])”",
          expected: "the column \(name)")
      }
    }
    var species: [NeutrinoSpecies] = []
    for (index, name) in names.enumerated().dropFirst(offset + 2) {
      let location = header.location(of: index)
      guard name.hasSuffix(unit) else {
        throw NuTuneError(
          .badData, at: location, key: "header", found: "the column “\(name)”",
          expected: "<species>\(unit), the flux of a species in ν/cm²/GeV/POT")
      }
      let one = try NeutrinoSpecies(named: String(name.dropLast(unit.count)), at: location, key: "header")
      guard !species.contains(one) else {
        throw NuTuneError(
          .badData, at: location, key: "header", found: "a second column of \(one.rawValue)", expected: "one")
      }
      species.append(one)
    }
    guard !species.isEmpty else {
      throw NuTuneError(
        .badData, at: header.location(of: 0), key: "header", found: "no flux column",
        expected: "at least one column <species>\(unit)")
    }
    return species
  }
}
