import ArgumentParser
import Foundation
import NuTuneCore

/// `--energy E…` or `--energies lo:hi:step`, in GeV.
struct EnergyOptions: ParsableArguments {
  @Option(parsing: .upToNextOption, help: ArgumentHelp("Neutrino energies in GeV.", valueName: "E"))
  var energy: [String] = []

  @Option(
    help: ArgumentHelp(
      "Neutrino energies from lo to hi (included) in GeV; a step in %, as in 0.3:40:5%, is relative.",
      valueName: "lo:hi:step"))
  var energies: String?

  /// Highest energy in GeV that is accepted.
  private static let largest = 1e6

  /// The energies, all above zero.
  func values() throws -> [Double] {
    func refuse(_ key: String, _ text: String, _ expected: String) -> NuTuneError {
      NuTuneError(.usage, key: key, found: "“\(text)”", expected: expected)
    }
    if let energies {
      guard energy.isEmpty else {
        throw NuTuneError(.usage, key: "--energy", found: "--energy and --energies", expected: "one of the two")
      }
      let expected = "lo:hi:step in GeV with 0 < lo ≤ hi ≤ 1e6 and step > 0, or a step in %"
      let isRelative = energies.hasSuffix("%")
      let parts = energies.split(separator: ":", omittingEmptySubsequences: false).enumerated().map { index, text in
        Double(index == 2 && isRelative ? text.dropLast() : text) ?? .nan
      }
      guard parts.count == 3, parts.allSatisfy(\.isFinite), 0 < parts[0], parts[0] <= parts[1], parts[2] > 0,
        parts[1] <= Self.largest
      else {
        throw refuse("--energies", energies, expected)
      }
      if isRelative {
        // The smallest number of equal ratios of which none is larger than asked for.
        let count = max((log(parts[1] / parts[0]) / log(1 + parts[2] / 100) - 1e-9).rounded(.up), 1)
        guard count < 1e7 else { throw refuse("--energies", energies, "at most ten million energies") }
        guard parts[1] > parts[0] else { return [parts[0]] }
        return (0...Int(count)).map {
          $0 == Int(count) ? parts[1] : parts[0] * pow(parts[1] / parts[0], Double($0) / count)
        }
      }
      // Only rounding may miss the last energy.
      let steps = ((parts[1] - parts[0]) / parts[2] * (1 + 1e-12) + 1e-9).rounded(.down)
      guard steps < 1e7 else { throw refuse("--energies", energies, "at most ten million energies") }
      return (0...Int(steps)).map { min(parts[0] + Double($0) * parts[2], parts[1]) }
    }
    guard !energy.isEmpty else {
      throw NuTuneError(
        .usage, key: "--energies", found: "no energies", expected: "--energy E… or --energies lo:hi:step in GeV")
    }
    return try energy.map { text in
      guard let value = Double(text), value > 0, value <= Self.largest else {
        throw refuse("--energy", text, "a neutrino energy > 0 and ≤ 1e6 in GeV")
      }
      return value
    }
  }
}
