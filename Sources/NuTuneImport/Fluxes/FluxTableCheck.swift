import NuTuneCore

/// Checks the stated meaning of the columns of a flux table.
enum FluxTableCheck {
  /// Throws for columns without energies or without flux, or with both edges and centres.
  static func check(_ columns: [FluxColumn], of table: ColumnTable) throws {
    func refuse(_ found: String, _ expected: String) -> NuTuneError {
      NuTuneError(.usage, at: SourceLocation(file: table.file), key: "--columns", found: found, expected: expected)
    }
    func count(_ column: FluxColumn) -> Int { columns.count { $0 == column } }
    let energies = [count(.low), count(.high), count(.center)]
    guard energies == [1, 1, 0] || energies == [0, 0, 1] else {
      throw refuse(
        "\(energies[0]) × low, \(energies[1]) × high, \(energies[2]) × center", "low and high once each, or center once"
      )
    }
    guard count(.offaxis) <= 1 else { throw refuse("offaxis twice", "it once at most") }
    let hasFlux = columns.contains { if case .flux = $0 { true } else { false } }
    guard hasFlux else { throw refuse("no flux", "at least one of numu, numubar, nue, nuebar") }
  }
}
