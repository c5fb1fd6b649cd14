import NuTuneCore
import NuTuneTables

/// The events that an import counts: of one neutrino on one target, charged currents among them.
struct EventSelection: Sendable {
  let reaction: Reaction
  private let neutrino: Int
  private let lepton: Int
  private let nuclei: Set<Int>

  init(_ reaction: Reaction) {
    self.reaction = reaction
    neutrino = ParticleCode.neutrino(reaction.species)
    lepton = ParticleCode.lepton(reaction.species)
    nuclei = Set(ParticleCode.nuclei(of: reaction.target))
  }

  /// Whether an event is a charged current; throws for one of another neutrino or target, which the mean cross section
  /// of the file would count, and for a charged current without its lepton.
  func isChargedCurrent(_ event: GeneratedEvent) throws -> Bool {
    guard event.neutrino == neutrino else {
      throw NuTuneError(
        .badData, found: "the neutrino \(event.neutrino)",
        expected:
          "\(neutrino) (\(reaction.species.rawValue)) in all events, because the mean cross section of a file is "
          + "that of all")
    }
    guard nuclei.contains(event.target) else {
      throw NuTuneError(
        .badData, found: "the target \(event.target)",
        expected: "\(ParticleCode.nuclei(of: reaction.target).map(String.init).joined(separator: " or ")) "
          + "(\(reaction.target.name)) in all events")
    }
    guard event.neutrinoEnergy > 0 else {
      throw NuTuneError(
        .badData, found: "a neutrino of \(event.neutrinoEnergy) GeV", expected: "an energy above zero")
    }
    guard event.isChargedCurrent else { return false }
    guard event.lepton == lepton, event.leptonEnergy >= reaction.species.leptonMass * (1 - 1e-3) else {
      throw NuTuneError(
        .badData,
        found: event.lepton == lepton
          ? "a lepton of \(event.leptonEnergy) GeV, less than its mass"
          : "a charged current with the lepton \(event.lepton)",
        expected: "\(lepton) with its energy in GeV")
    }
    return true
  }
}
