import NuTuneCore
import NuTuneFiles

/// Flux integrals of known beams, for comparison with an imported flux.
enum KnownBeams {
  /// Flux of the dominant species in ν/cm²/POT below 10 GeV at near detectors: MicroBooNE (lowest) to DUNE (highest).
  static let near = 7.3e-10...1.1e-7
  /// The same integral at far detectors, unoscillated: Super-Kamiokande (lowest) to DUNE (highest).
  static let far = 9.7e-15...1.6e-14
  /// Factor beyond the range of known beams from which on a flux gets a warning.
  static let factor = 1e3

  /// Returns a warning about an integral in ν/cm²/POT, nil for one in the range of known beams.
  static func sentence(integral: Double) -> String? {
    func digits(_ value: Double) -> String { SignificantDigits.text(value, 2) }
    let ratios = [near, far].map { beam in
      integral < beam.lowerBound ? beam.lowerBound / integral : max(integral / beam.upperBound, 1)
    }
    guard integral > 0, let nearest = ratios.min(), nearest > factor else { return nil }
    return "the integral \(digits(integral)) ν/cm²/POT is a factor \(digits(nearest)) away from all known beams "
      + "(near detectors \(digits(near.lowerBound)) to \(digits(near.upperBound)), far ones "
      + "\(digits(far.lowerBound)) to \(digits(far.upperBound))): look at --area, --per and --pot"
  }
}
