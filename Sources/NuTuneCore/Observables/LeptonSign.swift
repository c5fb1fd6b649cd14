/// Whether a detector measures the charge of the lepton, and with it the sign of the neutrino.
package enum LeptonSign: String, Sendable, CaseIterable {
  /// Every channel is a sample, as behind a magnet.
  case measured
  /// Neutrinos and antineutrinos of one flavour are one sample.
  case unmeasured
}
