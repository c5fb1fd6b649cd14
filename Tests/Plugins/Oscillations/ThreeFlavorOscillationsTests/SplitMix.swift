import Foundation
import ThreeFlavorOscillations

/// Steele, Lea, Flood, OOPSLA 2014: the same numbers everywhere.
struct SplitMix: RandomNumberGenerator {
  var state: UInt64
  init(seed: UInt64) { state = seed }
  mutating func next() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    var z = state
    z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
    z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
    return z ^ (z >> 31)
  }
}

extension MixingParameters {
  /// Angles and phase anywhere, splittings of either ordering near the measured ones.
  static func random(_ random: inout SplitMix) -> MixingParameters {
    MixingParameters(
      sin2Theta12: .random(in: 0...1, using: &random), sin2Theta13: .random(in: 0...1, using: &random),
      sin2Theta23: .random(in: 0...1, using: &random), deltaCP: .random(in: -7...7, using: &random),
      deltaMassSquared21: .random(in: 6e-5...9e-5, using: &random),
      deltaMassSquared31: .random(in: 2.2e-3...2.8e-3, using: &random) * (Bool.random(using: &random) ? 1 : -1))
  }
}
