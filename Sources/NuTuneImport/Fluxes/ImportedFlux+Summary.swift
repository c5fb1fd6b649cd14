import NuTuneCore
import NuTuneFiles

extension ImportedFlux {
  /// A table of the spectra, for the user: range, bins, peak, mean energy, integrals.
  package var summary: String {
    func digits(_ value: Double) -> String { SignificantDigits.text(value, 4) }
    var rows = [
      ["species", "E [GeV]", "bins", "peak [GeV]", "mean E [GeV]", "ν/cm²/POT", "0 to 10 GeV"]
    ]
    for position in positions {
      for spectrum in position.spectra {
        let place = position.offaxis.map { " at \(digits($0)) m" } ?? ""
        rows.append([
          "\(spectrum.species.rawValue)\(place)",
          "\(digits(spectrum.edges[0])) to \(digits(spectrum.edges[spectrum.edges.count - 1]))",
          "\(spectrum.densities.count)",
          spectrum.peak.map { "\(digits($0.lowerBound)) to \(digits($0.upperBound))" } ?? "-",
          spectrum.meanEnergy.map(digits) ?? "-", digits(spectrum.integral()),
          digits(spectrum.integral(to: 10)),
        ])
      }
    }
    let widths = rows[0].indices.map { column in rows.map { $0[column].count }.max() ?? 0 }
    return rows.map { row in
      var line = zip(row, widths).map { $0 + String(repeating: " ", count: $1 - $0.count) }.joined(separator: "  ")
      while line.last == " " { line.removeLast() }
      return line + "\n"
    }.joined()
  }

  /// Returns warnings about the spectra, judged on the bins of the file.
  package func hints(units: FluxUnits) -> [String] {
    var hints: [String] = []
    let spectra = positions.flatMap(\.spectra)
    hints += spectra.filter { $0.integral() == 0 }.map { "\($0.species.rawValue) is zero everywhere" }
    guard let largest = spectra.max(by: { $0.integral(to: 10) < $1.integral(to: 10) }) else { return hints }
    if let sentence = KnownBeams.sentence(integral: largest.integral(to: 10)) { hints.append(sentence) }
    if let sentence = WidthHint(largest)?.sentence(per: units.per) {
      hints.append("\(largest.species.rawValue): \(sentence)")
    }
    return hints
  }
}
