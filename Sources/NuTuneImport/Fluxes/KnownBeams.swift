import NuTuneCore
import NuTuneFiles

/// Integrals of known beams, against which one that is read can be held.
enum KnownBeams {
  /// Flux of the dominant species in ν/cm²/POT below 10 GeV at near detectors: MicroBooNE (lowest) to DUNE (highest).
  static let near = 7.3e-10...1.1e-7
  /// The same at far detectors, unoscillated: Super-Kamiokande (lowest) to DUNE (highest).
  static let far = 9.7e-15...1.6e-14
  /// What is further from all of them by more than this factor is worth a warning.
  static let factor = 1e3

  /// What to tell the user of an integral in ν/cm²/POT, nil for one that is like those known.
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
