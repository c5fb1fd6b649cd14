import Foundation
import NuTuneCore

/// Bins of quasi-elastic energy and angle as rectangles in (s, θ): s from 0 to 1 is the position of p_l between the ends
/// of a bin at θ; from −1 to 0 that in the slower leptons that have the same energies next to threshold.
///
/// Angles at which the ends of a bin change from one kind to another, where the fastest leptons of a beam or the threshold
/// of an energy begins, divide bins, so that rates are smooth within each section.
struct QuasielasticShape: Sendable {
  private let energy: QuasielasticEnergy
  /// E_QE in GeV and θ in radians of each bin, shape [bins].
  private let bins: [Panel]
  /// Largest momentum in GeV.
  private let reach: Double

  init(energy: QuasielasticEnergy, bins: [Panel], reach: Double) {
    self.energy = energy
    self.bins = bins
    self.reach = reach
  }

  /// Range of momenta in GeV and angles in radians of all bins; nil if no bin can be reached.
  var extent: (momenta: ClosedRange<Double>, angles: ClosedRange<Double>)? {
    let sections = bins.indices.flatMap(sections)
    guard let left = sections.map(\.second.lowerBound).min(), let right = sections.map(\.second.upperBound).max() else {
      return nil
    }
    let highest = bins.compactMap {
      energy.momenta(upTo: $0.first.upperBound, cosTheta: cos($0.second.lowerBound))?.upperBound
    }
    return (0...min(highest.max() ?? reach, reach), left...right)
  }

  /// Returns the momenta in GeV of a bin at an angle in radians, of the fast leptons or of the slow ones.
  private func momenta(_ bin: Int, angle: Double, areSlow: Bool) -> (low: Double, high: Double) {
    let cosTheta = cos(angle)
    let range = bins[bin].first
    guard let all = energy.momenta(upTo: range.upperBound, cosTheta: cosTheta) else { return (0, 0) }
    let below = energy.momenta(upTo: range.lowerBound, cosTheta: cosTheta)
    let (low, high) =
      areSlow
      ? (all.lowerBound, below?.lowerBound ?? all.lowerBound) : (below?.upperBound ?? all.lowerBound, all.upperBound)
    return (min(low, reach), min(high, reach))
  }

  /// Returns the sections of a bin that have leptons, with s from 0 to 1 or from −1 to 0.
  func sections(_ bin: Int) -> [Panel] {
    let (energies, angles) = (bins[bin].first, bins[bin].second)
    // Angles at which leptons of either end have the largest momentum or begin.
    let turns = [energies.lowerBound, energies.upperBound].filter { $0 > 0 }.flatMap {
      [energy.cosTheta(momentum: reach, at: $0), energy.smallestCosTheta(at: $0)]
    }
    let inside = turns.filter { abs($0) < 1 }.map { acos($0) }.filter {
      angles.lowerBound + 1e-9 < $0 && $0 < angles.upperBound - 1e-9
    }
    let edges = [angles.lowerBound] + inside.sorted() + [angles.upperBound]
    return zip(edges, edges.dropFirst()).flatMap { low, high in
      [false, true].compactMap { areSlow in
        guard high > low else { return nil }
        let ends = momenta(bin, angle: (low + high) / 2, areSlow: areSlow)
        return ends.low < ends.high ? Panel(first: areSlow ? -1...0 : 0...1, second: low...high, bin: bin) : nil
      }
    }
  }

  /// Returns the largest range of momenta in GeV at the ends and in the middle of a section.
  func length(of section: Panel) -> Double {
    let (low, high) = (section.second.lowerBound, section.second.upperBound)
    return [low, (low + high) / 2, high].reduce(0) { longest, angle in
      let ends = momenta(section.bin, angle: angle, areSlow: section.first.lowerBound < 0)
      return max(longest, ends.high - ends.low)
    }
  }

  /// Computes the momentum in GeV at a position s and an angle in radians, and ∂p_l/∂s.
  func momentum(_ bin: Int, position: Double, angle: Double) -> (momentum: Double, slope: Double) {
    let ends = momenta(bin, angle: angle, areSlow: position < 0)
    let length = max(ends.high - ends.low, 0)
    return (ends.low + length * (position < 0 ? position + 1 : position), length)
  }
}
