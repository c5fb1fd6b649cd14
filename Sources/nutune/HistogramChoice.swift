import NuTuneCore

/// Assigns objects of a ROOT file to the fluxes of species: `numu=numu_flux`.
enum HistogramChoice {
  /// Parses one choice, or several between blanks. A blank ends a choice only where another species follows, as names
  /// of objects may have blanks.
  static func read(_ text: String) throws -> [(species: NeutrinoSpecies, object: String)] {
    var choices: [String] = []
    for word in text.split(separator: " ", omittingEmptySubsequences: false).map(String.init) {
      let isStart = NeutrinoSpecies.allCases.contains { word.hasPrefix("\($0.rawValue)=") }
      if isStart || choices.isEmpty { choices.append(word) } else { choices[choices.count - 1] += " \(word)" }
    }
    return try choices.map { choice in
      let parts = choice.split(separator: "=", maxSplits: 1).map(String.init)
      guard parts.count == 2, let species = NeutrinoSpecies(rawValue: parts[0]) else {
        throw NuTuneError(
          .usage, found: "“\(choice)”", expected: "species=object with numu, numubar, nue or nuebar for the species")
      }
      return (species, parts[1])
    }
  }
}
