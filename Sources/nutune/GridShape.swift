import NuTuneCore

/// The shape of a table of cross sections for each neutrino energy, `NxM` on the command line.
struct GridShape {
  /// Number of lepton energies.
  var leptons: Int
  /// Number of cosines.
  var cosines: Int

  /// Reads `NxM`.
  init(_ text: String) throws {
    let parts = text.split(separator: "x", omittingEmptySubsequences: false).map { Int($0) ?? 0 }
    guard parts.count == 2, parts.allSatisfy({ (3...10_000).contains($0) }), parts[0] * parts[1] <= 10_000_000 else {
      throw NuTuneError(
        .usage, key: "--grid", found: "“\(text)”", expected: "NxM with 3 or more of each, as in 120x80")
    }
    (leptons, cosines) = (parts[0], parts[1])
  }
}
