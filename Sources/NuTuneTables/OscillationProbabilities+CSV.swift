import NuTuneCore

extension OscillationProbabilities {
  /// Titles of the columns of ``csvRows(at:)``: Pme is P(ν_μ → ν_e).
  package static let csvHeader = "energy,Pee,Pem,Pet,Pme,Pmm,Pmt,Pte,Ptm,Ptt\n"

  /// Lines of comma-separated values, an energy in GeV with its nine probabilities each, with all digits.
  ///
  /// - Parameter energies: those of the probabilities, shape [energies].
  package func csvRows(at energies: [Double]) -> String {
    precondition(energies.count == count)
    var lines = ""
    for (index, energy) in energies.enumerated() {
      lines += "\(energy)"
      for row in 0..<9 { lines += ",\(values[row * count + index])" }
      lines += "\n"
    }
    return lines
  }
}
