import NuTuneCore

/// Writes events as CSV: comments `# key: value` on the run, a header, and an event a line.
package final class EventTableWriter {
  /// Names of the columns; energies in GeV.
  package static let columns = ["neutrino_energy", "lepton_energy", "cos_theta"]

  private let output: TextOutput

  /// Opens a file and writes what holds for all events.
  package init(_ path: String, _ run: EventRun) throws {
    output = try TextOutput(path)
    let labels =
      [
        ("channel", run.reaction.species.rawValue), ("target", run.reaction.target.name),
        ("mean_cross_section", "\(run.meanCrossSection)"), ("unit", "1e-38 cm2/nucleon"), ("version", run.version),
      ] + run.provenance.map { ($0.name, $0.text) }
    try output.write(
      labels.map { "# \($0.0): \($0.1.split(whereSeparator: \.isNewline).joined(separator: " "))\n" }.joined()
        + Self.columns.joined(separator: ",") + "\n")
  }

  /// Adds an event; energies in GeV.
  package func write(neutrinoEnergy: Double, leptonEnergy: Double, cosTheta: Double) throws {
    try output.write("\(neutrinoEnergy),\(leptonEnergy),\(cosTheta)\n")
  }

  /// Closes the file.
  package func close() throws { try output.close() }
}
