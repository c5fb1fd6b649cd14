import NuTuneCore
import NuTuneFiles

extension ImportedFlux {
  /// Returns the table of the catalog in CSV; every position has one list of edges.
  /// - Parameter digits: significant digits of the densities, nil for all.
  package func table(digits: Int?) -> String {
    let hasPositions = positions.contains { $0.offaxis != nil }
    let species = NeutrinoSpecies.allCases.filter { one in
      positions.contains { $0.spectra.contains { $0.species == one } }
    }
    var text =
      (hasPositions ? "offaxis_m," : "") + "E_low_GeV,E_high_GeV"
      + species.map { ",\($0.rawValue)_per_cm2_per_GeV_per_POT" }.joined() + "\n"
    for position in positions {
      guard let edges = position.spectra.first?.edges else { continue }
      let columns = species.map { one in position.spectra.first { $0.species == one }?.densities }
      for bin in 0..<edges.count - 1 {
        let densities = columns.map { SignificantDigits.text($0?[bin] ?? 0, digits) }
        let place = position.offaxis.map { [SignificantDigits.text($0, nil)] } ?? []
        text +=
          (place + edges[bin...bin + 1].map { SignificantDigits.text($0, nil) } + densities)
          .joined(separator: ",") + "\n"
      }
    }
    return text
  }
}
