/// DUNE in 108 bins of lepton energy and angle in place of 780: what a command writes does not depend on their number, how long
/// it takes does.
enum CoarseBins {
  static let binning =
    "{lepton_energy: [0.2, 0.6, 1, 1.4, 1.8, 2.2, 2.6, 3, 3.5, 4, 5, 6, 8], "
    + "cos_theta: [-1, 0, 0.5, 0.7, 0.8, 0.86, 0.9, 0.94, 0.97, 1]}"

  /// A value of the key `experiment`.
  static let dune = "{base: dune, near: {binning: \(binning)}, far: {binning: \(binning)}}"
}
