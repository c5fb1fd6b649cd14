import NuTuneCore

extension Checklist {
  /// Largest excess of a sum of probabilities above one that rounding explains.
  private static let sumRounding = 1e-9

  /// Checks the promises of a detector.
  mutating func checkDetector(_ detector: any Detector, _ subject: Subject) {
    let binnings = check("measures usual bins") { try Self.measuredBinnings(of: detector) }
    guard let binnings, let measured = binnings.first else { return }
    let response = check("no more is measured than there was") { () -> DetectorResponse in
      for other in binnings.dropFirst() { _ = try Self.response(of: detector, other) }
      return try Self.response(of: detector, measured)
    }
    guard let response else { return }
    check("measures something") {
      let rates = response.apply([Double](repeating: 1, count: try detector.trueBinning(for: measured).count))
      guard rates.contains(where: { $0 > 0 }) else {
        throw broken(found: "no event in any bin from events in all true bins", expected: "some")
      }
    }
    check("threads agree") {
      let reference = Self.numbers(response, count: measured.count)
      try Batch.checkThreads(reference) { Self.numbers(try detector.response(for: measured), count: measured.count) }
    }
    if let hadronic = detector as? any HadronicDetector {
      check("every hadron is seen at most once") { _ = try Self.hadronicNumbers(of: hadronic) }
      check("numbers of the hadronic response can be varied") {
        let same = try hadronic.settingHadronicParameters(hadronic.hadronicParameters)
        guard try Self.hadronicNumbers(of: same) == Self.hadronicNumbers(of: hadronic) else {
          throw broken(found: "another response with the same numbers", expected: "the same one")
        }
      }
    }
    if let scalable = detector as? any EnergyScalableDetector {
      check("true bins are kept when the energy scale changes") {
        let trueBins = try detector.trueBinning(for: measured)
        for factor in [0.9, 0.97, 1.03, 1.1] {
          let scaled = scalable.scaled(energyBy: factor)
          guard try scaled.trueBinning(for: measured) == trueBins else {
            throw broken(found: "other true bins at an energy scale of \(factor)", expected: "those of scale 1")
          }
          _ = try Self.response(of: scaled, measured)
        }
        let same = scalable.scaled(energyBy: 1)
        guard
          Self.numbers(try same.response(for: measured), count: measured.count)
            == Self.numbers(response, count: measured.count)
        else { throw broken(found: "another response at an energy scale of 1", expected: "the same one") }
      }
    }
    checkParameters(subject) { plugin in
      guard let detector = plugin as? any Detector else { return [] }
      let ofLepton = Self.numbers(try Self.response(of: detector, measured), count: measured.count)
      guard let hadronic = detector as? any HadronicDetector else { return ofLepton }
      return ofLepton + (try Self.hadronicNumbers(of: hadronic))
    }
    check("runs in a study") {
      _ = try TinyStudy(binning: measured, detector: detector).run(ConstantStructureFunctions())
    }
  }

  /// Returns the probabilities of a hadronic response in usual bins after checking them.
  private static func hadronicNumbers(of detector: any HadronicDetector) throws -> [Double] {
    let axis = try Axis(.hadronicEnergy, edges: [0, 0.1, 0.2, 0.4, 0.8, 1.6, 3.2, 10])
    let transfers = [-0.05, 0, 0.02, 0.1, 0.3, 0.7, 1.5, 4, 30]
    return try [NeutrinoSpecies.numu, .numubar].flatMap { species in
      let rows = try detector.hadronicResponse(for: axis, of: species).probabilities(at: transfers)
      guard rows.count == axis.count, rows.allSatisfy({ $0.count == transfers.count }) else {
        throw broken(
          found: "\(rows.count) hadronic bins", expected: "\(axis.count) of \(transfers.count) probabilities")
      }
      for (index, omega) in transfers.enumerated() {
        let sum = rows.reduce(0) { $0 + $1[index] }
        guard rows.allSatisfy({ $0[index] >= 0 }), sum <= 1 + sumRounding else {
          throw broken(
            found: "hadronic probabilities at ω = \(omega) GeV that sum to \(sum), or one below zero",
            expected: "probabilities that sum to at most one")
        }
      }
      return rows.flatMap { $0 }
    }
  }

  /// Returns bins in usual observables that the detector measures.
  private static func measuredBinnings(of detector: any Detector) throws -> [Binning] {
    let energies = [0.3, 0.6, 1, 1.5, 2.2, 3]
    let all = try [
      TinyStudy.binning(),
      Binning(Axis(.leptonEnergy, edges: energies), Axis(.theta, edges: [0, 10, 25, 60, 180])),
      Binning(Axis(.leptonMomentum, edges: energies), Axis(.cosTheta, edges: [-1, 0.5, 0.85, 1])),
      Binning(
        Axis(.transverseMomentum, edges: [0, 0.2, 0.5, 1]), Axis(.longitudinalMomentum, edges: [0, 0.5, 1.5, 3])),
    ]
    var refusals = NuTuneErrors()
    let served = all.filter { binning in
      refusals.attempt { (try detector.trueBinning(for: binning), try detector.response(for: binning)) } != nil
    }
    guard !served.isEmpty else {
      throw broken(
        found: "no bins that it measures (\(refusals.description))", expected: "some of \(all.count) binnings")
    }
    return served
  }

  /// Returns the response after checking its bins and probabilities.
  private static func response(of detector: any Detector, _ measured: Binning) throws -> DetectorResponse {
    let trueBins = try detector.trueBinning(for: measured)
    let response = try detector.response(for: measured)
    switch response {
    case .identity:
      guard trueBins == measured else {
        throw broken(found: "the identity between different bins", expected: "true bins that are the measured ones")
      }
    case .rows(let rows):
      guard rows.count == measured.count else {
        throw broken(
          found: "\(rows.count) rows for \(name(measured))", expected: "\(measured.count), one a measured bin")
      }
      for (row, entries) in rows.enumerated() {
        for entry in entries {
          guard (0..<trueBins.count).contains(entry.trueBin) else {
            throw broken(
              found: "true bin \(entry.trueBin) in row \(row)", expected: "one from 0 to \(trueBins.count - 1)")
          }
          guard entry.probability.isFinite, entry.probability >= 0 else {
            throw broken(
              found: "a probability of \(entry.probability) from true bin \(entry.trueBin) to bin \(row)",
              expected: "a number from 0 to 1")
          }
        }
      }
      try checkSums(rows, trueBins)
    }
    return response
  }

  /// Checks that the probabilities of each true bin sum to at most one.
  private static func checkSums(_ rows: [[(trueBin: Int, probability: Double)]], _ trueBins: Binning) throws {
    var sums = [Double](repeating: 0, count: trueBins.count)
    for entry in rows.joined() { sums[entry.trueBin] += entry.probability }
    guard let largest = sums.max(), largest > 1 + sumRounding else { return }
    throw broken(
      found: "probabilities of true bin \(sums.firstIndex(of: largest) ?? 0) that sum to \(largest)",
      expected: "a sum of at most one")
  }

  /// Returns all numbers of a response, in order.
  private static func numbers(_ response: DetectorResponse, count: Int) -> [Double] {
    switch response {
    case .identity: [Double](repeating: 1, count: count)
    case .rows(let rows): rows.flatMap { row in row.flatMap { [Double($0.trueBin), $0.probability] } + [-1] }
    }
  }

  private static func name(_ binning: Binning) -> String {
    "(\(binning.observableNames.map(\.rawValue).joined(separator: ", ")))"
  }
}
