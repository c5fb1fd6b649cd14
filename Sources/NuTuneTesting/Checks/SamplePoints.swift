import NuTuneCore

/// Kinematic points at which models are checked: inside, at the edges and outside of the physical region.
struct SamplePoints: Sendable {
  /// The points.
  let all: KinematicPoints

  /// Chooses points at neutrino energies in the range of a model.
  init(in range: ClosedRange<Double>?) {
    let (low, high) = (max(range?.lowerBound ?? 0.3, 0.05), min(range?.upperBound ?? 12, 50))
    var points = KinematicPoints()
    for step in 0...5 {
      // Denser at low energies, where cross sections vary.
      let share = Double(step) / 5
      let energy = low + (high - low) * share * share
      for lepton in [-0.1, 0.02, 0.1, 0.3, 0.55, 0.8, 0.95, 0.999, 1, 1.2] {
        for cosine in [-1, -0.4, 0.3, 0.8, 0.97, 1] {
          points.append(neutrinoEnergy: energy, leptonEnergy: lepton * energy, cosTheta: cosine)
        }
      }
    }
    all = points
  }
}
