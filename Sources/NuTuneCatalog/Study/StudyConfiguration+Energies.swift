import NuTuneAnalysis
import NuTuneCore

extension StudyConfiguration {
  /// Checks that leptons with an energy of the bins can be made: by the highest folded neutrino energy at every
  /// detector, and at the neutrino energies of the slices, which use the near detector's bins and the first channel.
  func checkEnergies(near: [AssembledDetector], far: [AssembledDetector]) throws {
    var problems = NuTuneErrors()
    func highest(_ detectors: [AssembledDetector]) -> Double {
      min(
        fold.optionalNumber("energy_maximum") ?? .greatestFiniteMagnitude,
        detectors.flatMap { $0.fluxes.values }.compactMap(\.breakpoints.last).max() ?? .greatestFiniteMagnitude)
    }
    var seen: [SourceLocation] = []
    for (detector, made) in zip(nearDetectors + farDetectors, near + far) {
      // A far detector without bins of its own has those of the near one.
      guard let location = detector.binningLocation,
        !(farDetectors.contains { $0.path == detector.path } && seen.contains(location))
      else { continue }
      seen.append(location)
      let highest = highest([made])
      for channel in channels(of: detector) {
        let lowest = detector.binning.lowestLeptonEnergy(of: channel)
        guard lowest >= highest else { continue }
        problems.add(
          NuTuneError(
            .badData, at: detector.binningLocation, key: "\(detector.path).binning",
            found: "lepton energies from \(lowest) GeV (\(channel.rawValue))",
            expected: "some below the highest folded neutrino energy, \(highest) GeV"))
      }
    }
    let highest = highest(near)
    if slices.location(of: "energies") != nil, let channel = channels.first {
      let lowest = experiment.near[0].binning.lowestLeptonEnergy(of: channel)
      for energy in slices.numbers("energies") where energy <= lowest {
        problems.add(
          NuTuneError(
            .badData, at: slices.location(of: "energies"), key: "slices.energies", found: "\(energy) GeV",
            expected: "more than the lowest lepton energy of the near detector's bins, \(lowest) GeV "
              + "(\(channel.rawValue))"))
      }
      let least = fold.optionalNumber("energy_minimum") ?? lowest
      for energy in slices.numbers("energies") where energy > lowest && !(energy >= least && energy <= highest) {
        problems.add(
          NuTuneError(
            .badData, at: slices.location(of: "energies"), key: "slices.energies", found: "\(energy) GeV",
            expected: "neutrino energies that are folded, \(least) to \(highest) GeV, because models learn nothing "
              + "outside"))
      }
    }
    try problems.throwIfAny()
  }

  /// Refuses a model that does not serve every neutrino energy that the study asks for by hand, or that is sliced. Where
  /// the study does not say what is folded, it is what models serve.
  func checkEnergies(
    of model: any CrossSectionModel, _ selection: PluginSelection, folding fluxes: [any FluxProvider]
  ) throws {
    guard let served = model.energyRange else { return }
    let covered = fluxes.flatMap(\.breakpoints)
    let low = fold.optionalNumber("energy_minimum").map { max($0, covered.min() ?? 0) } ?? served.lowerBound
    let high =
      fold.optionalNumber("energy_maximum").map { min($0, covered.max() ?? $0) } ?? served.upperBound
    // Edges printed with ten digits may lie a rounding error inside the energies they were made for.
    let slack = 1e-9 * high
    var problems = NuTuneErrors()
    if low < served.lowerBound - slack || high > served.upperBound + slack {
      let key = low < served.lowerBound - slack ? "energy_minimum" : "energy_maximum"
      problems.add(
        NuTuneError(
          .badData, at: fold.location(of: key) ?? selection.location, key: "fold.\(key)",
          found: "neutrino energies from \(low) to \(high) GeV (fold.energy_minimum, fold.energy_maximum)",
          expected: "some within what \(selection.path) has, \(served.lowerBound) to \(served.upperBound) GeV"))
    }
    for energy in sliceEnergies where measurements.isEmpty && !served.contains(energy) {
      problems.add(
        NuTuneError(
          .badData, at: slices.location(of: "energies"), key: "slices.energies", found: "\(energy) GeV",
          expected: "energies that \(selection.path) has, \(served.lowerBound) to \(served.upperBound) GeV"))
    }
    try problems.throwIfAny()
  }

  /// Refuses a flux that is zero at all folded energies for a channel; at the far detector, for everything that may
  /// oscillate into it.
  func checkContent(
    _ flux: any FluxProvider, _ selection: PluginSelection, channels: [NeutrinoSpecies], at site: DetectorSite
  ) throws {
    let low = fold.optionalNumber("energy_minimum") ?? flux.breakpoints.first ?? 0
    let high = fold.optionalNumber("energy_maximum") ?? flux.breakpoints.last ?? StudySections.highestEnergy
    let edges = [low] + flux.breakpoints.filter { low < $0 && $0 < high } + [high]
    let centers = zip(edges, edges.dropFirst()).map { ($0 + $1) / 2 }
    var problems = NuTuneErrors()
    for channel in channels where flux.species.contains(channel) {
      let sources = site == .near ? [channel] : flux.species.filter { $0.helicity == channel.helicity }
      guard try sources.allSatisfy({ try flux.density(of: $0, at: centers).allSatisfy { $0 <= 0 } }) else { continue }
      problems.add(
        NuTuneError(
          .badData, at: selection.location, key: selection.path,
          found: "no \(channel.rawValue) at energies from \(low) to \(high) GeV",
          expected: "a flux above zero for every channel of the study"))
    }
    try problems.throwIfAny()
  }
}

extension StudyConfiguration {
  /// Neutrino energies in GeV at which models are compared: those of the study, or those of the defaults that are folded and
  /// make leptons in the near detector's bins.
  package var sliceEnergies: [Double] {
    let energies = slices.numbers("energies")
    guard slices.location(of: "energies") == nil, let channel = channels.first else { return energies }
    let lowest = experiment.near[0].binning.lowestLeptonEnergy(of: channel)
    let low = fold.optionalNumber("energy_minimum") ?? 0
    let high = fold.optionalNumber("energy_maximum") ?? .greatestFiniteMagnitude
    return energies.filter { $0 > lowest && $0 >= low && $0 <= high }
  }
}
