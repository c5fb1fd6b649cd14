import NuTuneAnalysis
import NuTuneCore

extension StudyConfiguration {
  /// Whether near samples are sums of neutrinos and antineutrinos, whose leptons are not told apart.
  package var sumsNearSigns: Bool {
    measurements.isEmpty && near.text("lepton_sign") == LeptonSign.unmeasured.rawValue
  }

  /// Name of the near sample that a channel is a component of, `muons-fhc`, `muons-fhc-6m`.
  func nearSum(of channel: Sample) -> String {
    "\(channel.reaction.species.flavor)s-\(channel.mode)" + (channel.position.isEmpty ? "" : "-\(channel.position)")
  }

  /// Refuses sums of both neutrino signs of which a part is missing, or which nothing could use.
  func checkNearSums() throws {
    guard sumsNearSigns else { return }
    var problems = NuTuneErrors()
    func refuse(_ key: String, at location: SourceLocation?, _ found: String, _ expected: String) {
      problems.add(NuTuneError(.badData, at: location, key: key, found: found, expected: expected))
    }
    let place = near.location(of: "lepton_sign")
    for channel in channels {
      guard let other = otherSign(of: channel), !channels.contains(other) else { continue }
      refuse(
        "near.lepton_sign", at: place,
        "“unmeasured” with the channel \(channel.rawValue) and without \(other.rawValue)",
        "channels of both neutrino signs, of which near samples are sums")
    }
    if nearSampling == .multinomial {
      refuse(
        "near.sample", at: near.location(of: "sample"), "“multinomial” for samples that are sums",
        "poisson or asimov, with which components are drawn for themselves")
    }
    if let nuisance = hadronicNuisances.first {
      refuse(
        nuisance.path, at: nuisance.location, "a response that is fitted to samples that are sums",
        "near.lepton_sign: measured, or a response that is known")
    }
    for detector in nearDetectors where comparesModes(detector) {
      refuse(
        "\(detector.path).exposure.pot", at: detector.exposureLocations.first,
        "protons on target that differ between horn modes, for samples that are sums",
        "one number for all: sums of all horn modes are one shape, and have one exposure")
    }
    for model in models {
      guard let tuning = tunings[model.label], let own = tuning.channels,
        let alone = own.first(where: { otherSign(of: $0).map { !own.contains($0) } ?? false })
      else { continue }
      refuse(
        "\(model.path).tune_on_channels", at: tuning.channelsLocation,
        "\(alone.rawValue) without the other neutrino sign, which near samples do not tell apart", "both signs")
    }
    try problems.throwIfAny()
  }

  /// Refuses models that learn from samples of one neutrino species where near samples are sums.
  func checkLearnersOfSums(_ made: [(PluginSelection, any CrossSectionModel)]) throws {
    guard sumsNearSigns else { return }
    var problems = NuTuneErrors()
    for (selection, model) in made {
      guard let tunable = model as? any TunableModel, !tunable.learnsSums else { continue }
      problems.add(
        NuTuneError(
          .badData, at: selection.location, key: "\(selection.path).model",
          found: "“\(selection.name)”, which learns from samples of one neutrino species",
          expected:
            "gaussian-process-sf, neural-sf or fitted-theory beside near.lepton_sign: unmeasured, which learn from sums, or "
            + "near.lepton_sign: measured"
        ))
    }
    try problems.throwIfAny()
  }

  /// The antineutrino of a neutrino, or the neutrino of an antineutrino.
  private func otherSign(of channel: NeutrinoSpecies) -> NeutrinoSpecies? {
    NeutrinoSpecies.allCases.first { $0.flavor == channel.flavor && $0.helicity != channel.helicity }
  }
}
