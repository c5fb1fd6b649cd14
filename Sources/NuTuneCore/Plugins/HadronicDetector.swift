/// A detector that measures the visible hadronic energy beside the lepton.
///
/// Its response to the lepton is that of any detector and knows nothing of hadrons; both are independent of each other once
/// the true lepton and the true ω are given.
public protocol HadronicDetector: Detector {
  /// Returns the response in some bins of visible hadronic energy.
  ///
  /// The lowest bin counts all that is seen below its upper edge and the highest all above its lower edge, so that a single
  /// bin holds every event that is kept.
  /// - Throws: `NuTuneError` when the detector cannot give probabilities of these bins.
  func hadronicResponse(for axis: Axis) throws -> any HadronicResponse

  /// Returns the response to the hadrons of one neutrino species: antineutrinos make neutrons where neutrinos make protons.
  ///
  /// That of ``hadronicResponse(for:)`` for all species unless a detector says otherwise.
  func hadronicResponse(for axis: Axis, of species: NeutrinoSpecies) throws -> any HadronicResponse

  /// The numbers of the hadronic response by name, as the detector's parameters declare them: what may be varied as a
  /// systematic uncertainty.
  var hadronicParameters: [String: Double] { get }

  /// Returns the same detector with other numbers of the hadronic response; its lepton response and true bins stay the same.
  ///
  /// - Throws: `NuTuneError` for an unknown name, or a number that the declared range excludes.
  func settingHadronicParameters(_ values: [String: Double]) throws -> any HadronicDetector
}

extension HadronicDetector {
  /// The response to neutrinos and antineutrinos alike.
  public func hadronicResponse(for axis: Axis, of species: NeutrinoSpecies) throws -> any HadronicResponse {
    try hadronicResponse(for: axis)
  }
}
