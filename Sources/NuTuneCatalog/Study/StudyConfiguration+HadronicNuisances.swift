import NuTuneAnalysis
import NuTuneCore

extension StudyConfiguration {
  /// Refuses numbers of a hadronic response that no near detector has or measures with, and models that cannot fit them.
  func checkHadronicNuisances(_ near: [AssembledDetector], _ made: [(PluginSelection, any CrossSectionModel)]) throws {
    guard let first = hadronicNuisances.first else { return }
    var problems = NuTuneErrors()
    let measuring = zip(nearDetectors, near).filter { $0.0.binning.hadronic != nil }
    if measuring.isEmpty {
      problems.add(
        NuTuneError(
          .badData, at: first.location, key: first.path, found: "near bins of the lepton alone",
          expected: "bins in hadronic_energy, from which the response is fitted"))
    }
    for nuisance in hadronicNuisances {
      for (configuration, detector) in measuring {
        let known = ((detector.detector as? any HadronicDetector)?.hadronicParameters.keys).map { $0.sorted() } ?? []
        guard !known.contains(nuisance.name) else { continue }
        problems.add(
          NuTuneError(
            .badData, at: nuisance.location, key: nuisance.path,
            found: "no number “\(nuisance.name)” of the hadronic response of \(configuration.path)",
            expected: known.isEmpty
              ? "a response with numbers, not a table" : "one of \(known.joined(separator: ", "))",
            suggestion: Suggestion.nearest(to: nuisance.name, among: known)))
        break
      }
    }
    for (selection, model) in made {
      guard let tunable = model as? any TunableModel, !tunable.fitsResponse else { continue }
      problems.add(
        NuTuneError(
          .badData, at: selection.location, key: "\(selection.path).model",
          found: "“\(selection.name)”, which takes the response of detectors as it is",
          expected: "gaussian-process-sf or neural-sf beside near.nuisance, which fit it with themselves"))
    }
    try problems.throwIfAny()
  }

  /// Makes the detector whose hadronic response makes the data of another one; nil where it is the same.
  func makeTrueDetector(
    _ configuration: DetectorConfiguration, _ registry: Registry
  ) throws -> (any HadronicDetector)? {
    guard let selection = configuration.trueDetector else { return nil }
    func refuse(_ found: String, _ expected: String) -> NuTuneError {
      NuTuneError(.badData, at: selection.location, key: selection.path, found: found, expected: expected)
    }
    let made: any Detector = try selection.make(registry)
    guard let detector = made as? any HadronicDetector else {
      throw refuse("“\(selection.name)”, which measures the lepton alone", "a detector of hadronic energy")
    }
    guard selection.components.isEmpty else {
      throw refuse(
        "a lepton response", "the hadronic response alone: leptons are measured as \(configuration.path).detector says")
    }
    guard let axis = configuration.binning.hadronic else {
      throw refuse("a hadronic response for bins of the lepton alone", "bins in hadronic_energy")
    }
    _ = try detector.hadronicResponse(for: axis)
    return detector
  }
}
