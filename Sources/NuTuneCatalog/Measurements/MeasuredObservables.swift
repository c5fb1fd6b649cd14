import NuTuneCore

/// What a measurement is binned in: two observables of the lepton, or one or two of them and the energy of hadrons.
struct MeasuredObservables: Sendable {
  /// The pair that determines the lepton; of one published observable, with another that is not measured.
  let pair: ObservablePair
  /// The energy of hadrons, alone or with that of the lepton; nil where neither is measured.
  let third: Observable?
  /// Names of the measured observables in the order of the table.
  let names: [String]
  /// Whether the second observable of the pair is not measured.
  let isIntegrated: Bool

  /// The measured observables in the order of the table.
  var measured: [Observable] { [pair.first] + (isIntegrated ? [] : [pair.second]) + (third.map { [$0] } ?? []) }

  private static let expected =
    "two out of \(Observable.ofLepton.map(\.rawValue).joined(separator: ", ")); or one or two of them and then "
    + "hadronic_energy or reconstructed_energy"

  /// Reads a list of names.
  ///
  /// - Parameter bindingEnergy: of the entry, in GeV; nil where it says none.
  init(_ node: ConfigurationNode?, bindingEnergy: Double?, at location: SourceLocation) throws {
    func refuse(_ found: String, _ expected: String = Self.expected) -> NuTuneError {
      NuTuneError(.badData, at: node?.location ?? location, key: "observables", found: found, expected: expected)
    }
    guard let elements = node?.elements, (2...3).contains(elements.count) else {
      throw refuse(node?.summary ?? "nothing")
    }
    let kinetic = MeasurementConfiguration.kineticEnergy
    let observables = try elements.map { element in
      if element.text == kinetic { return Observable.leptonEnergy }
      guard let name = element.text, let observable = Observable(rawValue: name) else {
        let names = Observable.allCases.map(\.rawValue)
        throw NuTuneError(
          .badData, at: element.location, key: "observables", found: element.summary,
          expected: "one of \(names.joined(separator: ", "))",
          suggestion: element.text.flatMap { Suggestion.nearest(to: $0, among: names + [kinetic]) })
      }
      return observable
    }
    names = elements.compactMap(\.text)
    third = observables.last.flatMap { $0.isOfLepton ? nil : $0 }
    let ofLepton = third == nil ? observables : Array(observables.dropLast())
    guard ofLepton.allSatisfy(\.isOfLepton), (third == nil ? [2] : [1, 2]).contains(ofLepton.count) else {
      throw refuse(names.joined(separator: ", "))
    }
    isIntegrated = ofLepton.count == 1
    var second = ofLepton[ofLepton.count - 1]
    if isIntegrated {
      guard let other = Self.partner(of: ofLepton[0]) else {
        throw refuse(
          "\(names[0]) beside the energy of hadrons",
          "momentum_transfer, lepton_energy or lepton_momentum, or two observables of the lepton")
      }
      second = other
    }
    pair = try ObservablePair(ofLepton[0], second, bindingEnergy: bindingEnergy, at: node?.location)
  }

  /// What completes an observable of the lepton that is measured without another one.
  private static func partner(of observable: Observable) -> Observable? {
    switch observable {
    case .momentumTransfer: .energyTransfer
    case .leptonEnergy, .leptonMomentum: .cosTheta
    default: nil
    }
  }

  /// The bins of ranges in the measured observables, shape [bins][observables].
  func bins(_ ranges: [[ClosedRange<Double>]]) -> [CrossSectionMeasurement.Bin] {
    // ω is below q₃, and cosθ between −1 and 1: everything is in the bin.
    let highest = ranges.map { $0[0].upperBound }.max() ?? 1
    let whole = pair.second == .cosTheta ? -1...1 : 0...max(highest, 0)
    return ranges.map { range in
      CrossSectionMeasurement.Bin(
        first: range[0], second: isIntegrated ? whole : range[1], third: third == nil ? nil : range[range.count - 1],
        isIntegrated: isIntegrated)
    }
  }
}
