/// The efficiency as a function of the leptons' true energy E in GeV: ε = plateau · ½[1 + erf((E − threshold)/(√2
/// width))].
struct Efficiency: Sendable {
  /// ε far above the threshold.
  var plateau: Double
  /// Energy in GeV at which ε is half the plateau; 0 means no threshold.
  var threshold: Double
  /// Standard deviation of the turn-on in GeV; 0 means a step.
  var width: Double

  /// Computes ε/plateau at an energy in GeV.
  func shareOfPlateau(at energy: Double) -> Double {
    threshold > 0 ? Gaussian.probability(below: energy - threshold, width: width) : 1
  }

  /// Energies in GeV between which ε is smooth on the scale of their distance.
  var breakpoints: [Double] { threshold > 0 ? Gaussian.breakpoints(around: threshold, width: width) : [] }
}
