import NuTuneCore
import NuTuneFolding

extension ForwardModel {
  /// The numbers of the near detectors' hadronic response that are fitted with a model, common to all near datasets with
  /// hadronic bins; none where no dataset has such bins.
  ///
  /// - Throws: `NuTuneError` for a name that a detector does not have, and where detectors differ in its number.
  func responseParameters(_ nuisances: [HadronicNuisance]) throws -> [ResponseParameter] {
    let measuring = near.filter { $0.hadronic != nil }
    guard let first = measuring.first, !nuisances.isEmpty else { return [] }
    if let other = measuring.first(where: { $0.sample.binning.dividesByReconstructedEnergy }) {
      throw NuTuneError(
        .badData, at: other.place, key: "near.nuisance.hadronic",
        found: "bins of \(other.sample.name) in reconstructed_energy", expected: "bins in hadronic_energy")
    }
    return try nuisances.map { nuisance in
      let numbers = measuring.map { ($0.dataset.detector as? any HadronicDetector)?.hadronicParameters[nuisance.name] }
      guard let detector = first.dataset.detector as? any HadronicDetector, let nominal = numbers[0],
        let range = Self.range(of: nuisance.name, of: detector)
      else {
        let known = (first.dataset.detector as? any HadronicDetector)?.hadronicParameters.keys.sorted() ?? []
        throw NuTuneError(
          .badData, at: first.place, key: "near.nuisance.hadronic.\(nuisance.name)",
          found: "no number of the hadronic response of \(first.sample.name)",
          expected: known.isEmpty ? "a response with numbers, not a table" : "one of \(known.joined(separator: ", "))")
      }
      if let other = numbers.firstIndex(where: { $0 != nominal }) {
        throw NuTuneError(
          .badData, at: measuring[other].place, key: "near.nuisance.hadronic.\(nuisance.name)",
          found: "\(numbers[other].map { "\($0)" } ?? "nothing") for \(measuring[other].sample.name), \(nominal) for "
            + first.sample.name,
          expected: "one number of all near detectors, which is fitted")
      }
      return ResponseParameter(name: nuisance.name, nominal: nominal, width: nuisance.width, range: range)
    }
  }

  /// The numbers that a detector declares to allow for a parameter.
  static func range(of name: String, of detector: any HadronicDetector) -> ClosedRange<Double>? {
    guard case .number(let range, _) = type(of: detector).descriptor.parameters.declaration(named: name)?.domain else {
      return nil
    }
    return range
  }

  /// How the operator of a near dataset follows response parameters; nil without hadronic bins.
  func responseVariation(of index: Int, _ parameters: [ResponseParameter]) -> (any ResponseVariation)? {
    let sample = near[index]
    guard !parameters.isEmpty, sample.hadronic != nil, let axis = sample.sample.binning.hadronic,
      let detector = sample.dataset.detector as? any HadronicDetector
    else { return nil }
    return HadronicVariation(
      fold: nearOperators[index], detector: detector, species: sample.sample.reaction.species, axis: axis,
      points: nodes.invariants(), parameters: parameters)
  }

  /// The same model with the hadronic response that was fitted together with a model: near detectors have the fitted
  /// numbers, and far detectors with hadronic bins move by as much. Their datasets keep the assumed numbers, around which
  /// priors are.
  func responding(as record: TuningRecord?) throws -> ForwardModel {
    guard let response = record?.response else { return self }
    return try replacingHadronicResponses { sample in
      guard let detector = sample.dataset.detector as? any HadronicDetector else { return nil }
      var numbers: [String: Double] = [:]
      for (name, estimate) in response {
        guard let own = detector.hadronicParameters[name], let range = Self.range(of: name, of: detector) else {
          continue
        }
        let value = sample.sample.site == .near ? estimate.value : own + estimate.value - estimate.nominal
        numbers[name] = min(max(value, range.lowerBound), range.upperBound)
      }
      return try detector.settingHadronicParameters(numbers)
    }
  }

  /// The same model with numbers of the hadronic responses moved, by name and in their units.
  func movingHadronicNumbers(by changes: [String: Double]) throws -> ForwardModel {
    try changes.isEmpty ? self : replacingHadronicResponses { try $0.hadronicDetector(movedBy: changes) }
  }

  /// The same model with the hadronic responses that make the data.
  func withTrueResponses() throws -> ForwardModel { try replacingHadronicResponses { $0.dataset.trueDetector } }

  /// The same model with the hadronic responses of other detectors; nil leaves that of a dataset. Lepton responses stay.
  private func replacingHadronicResponses(_ detector: (FoldedDataset) throws -> (any HadronicDetector)?) throws
    -> ForwardModel
  {
    var known: [FoldedDataset] = []
    func changed(_ sample: FoldedDataset) throws -> FoldedDataset {
      guard sample.hadronic != nil, let detector = try detector(sample) else { return sample }
      known.append(try sample.samplingHadronicResponse(of: detector, on: grid, known: known))
      return known[known.count - 1]
    }
    var model = self
    model.near = try near.map(changed)
    model.far = try far.map(changed)
    guard !known.isEmpty else { return self }
    model.nearOperators = zip(model.near, nearOperators).map { $1.replacingHadronic(by: $0.hadronic) }
    return model
  }
}

extension FoldedDataset {
  /// The detector of the hadronic response with some of its numbers moved, within their ranges; nil where it has none of them.
  func hadronicDetector(movedBy changes: [String: Double]) throws -> (any HadronicDetector)? {
    guard hadronic != nil, let detector = hadronicDetector else { return nil }
    var numbers: [String: Double] = [:]
    for (name, change) in changes {
      guard let own = detector.hadronicParameters[name], let range = ForwardModel.range(of: name, of: detector) else {
        continue
      }
      numbers[name] = min(max(own + change, range.lowerBound), range.upperBound)
    }
    return numbers.isEmpty ? nil : try detector.settingHadronicParameters(numbers)
  }
}

extension TuningRecord {
  /// The fitted numbers of the response beside those that made the data of some near datasets.
  func response(besideTruthOf datasets: [FoldedDataset]) -> [String: ResponseEstimate]? {
    guard let response else { return nil }
    let simulated = datasets.first { $0.hadronic != nil && $0.dataset.observation.isSimulated }
    let detector = simulated.flatMap { $0.dataset.trueDetector ?? ($0.dataset.detector as? any HadronicDetector) }
    return Dictionary(
      uniqueKeysWithValues: response.map { ($0, $1.compared(with: detector?.hadronicParameters[$0])) })
  }
}
