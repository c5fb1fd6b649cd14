import NuTuneCore

/// Quadrature points of all bins of a sample with their weights, as operator for tuning models that are not linear in
/// structure functions.
public struct PointFold: PointOperator {
  /// The points, ordered by (E_ν, E_l, cosθ).
  public let points: KinematicPoints
  /// Number of measured bins.
  public let binCount: Int
  /// Range of neutrino energies of the fold, GeV.
  public let neutrinoEnergies: ClosedRange<Double>

  private let weights: [Double]
  private let bins: [Int32]
  private let trueBinCount: Int
  private let response: DetectorResponse
  /// Probabilities of the hadronic bins at the points, for every column of the point's bin, shape [Σ columns][parts]; empty
  /// for none.
  private let probabilities: [Double]
  private let parts: Int
  /// First column of each true bin where there are hadronic bins, shape [true bins + 1].
  private let columns: [Int]
  private let isDivided: Bool
  /// Measured bin of every product (measured lepton bin, hadronic bin), −1 for none; nil where they are the bins.
  private let places: [Int]?

  /// Chooses the points of some bins.
  ///
  /// - Parameters:
  ///   - binning: the bins in true observables.
  ///   - species: the neutrino species.
  ///   - cells: the E_ν cells.
  ///   - weights: mean flux in each cell, shape [cells].
  ///   - plan: number of points.
  ///   - response: detector response, from true to measured bins.
  ///   - hadronic: probabilities of the hadronic bins that divide every bin, taken at the ω of each point; nil for none.
  public init(
    binning: Binning, species: NeutrinoSpecies, cells: EnergyCells, weights: [Double], plan: QuadraturePlan,
    response: DetectorResponse = .identity, hadronic: HadronicProbabilities? = nil
  ) throws {
    precondition(weights.count == cells.count)
    let quadrature = try BinQuadrature(binning: binning, species: species, cells: cells, plan: plan)
    var points = KinematicPoints()
    var pointWeights: [Double] = []
    var bins: [Int32] = []
    for cell in 0..<cells.count {
      var ofCell: [Point] = []
      for bin in 0..<binning.leptonCount {
        quadrature.forEachPoint(bin: bin, cell: cell) {
          ofCell.append(
            Point(
              neutrinoEnergy: $0, leptonEnergy: $1.energy, cosTheta: $1.cosTheta, bin: Int32(bin),
              weight: $2 * weights[cell]))
        }
      }
      ofCell.sort {
        ($0.neutrinoEnergy, $0.leptonEnergy, $0.cosTheta, $0.bin)
          < ($1.neutrinoEnergy, $1.leptonEnergy, $1.cosTheta, $1.bin)
      }
      for point in ofCell {
        points.append(
          neutrinoEnergy: point.neutrinoEnergy, leptonEnergy: point.leptonEnergy, cosTheta: point.cosTheta)
        pointWeights.append(point.weight)
        bins.append(point.bin)
      }
    }
    self.points = points
    self.weights = pointWeights
    self.bins = bins
    trueBinCount = binning.leptonCount
    let known = hadronic.flatMap { $0.isCertain ? nil : $0 }
    let parts = known?.binCount ?? 1
    self.parts = parts
    let needed = known?.columns(trueBins: trueBinCount, response: response)
    var probabilities: [Double] = []
    if let known, let needed {
      for i in bins.indices {
        for group in needed.groups[Int(bins[i])] {
          probabilities += known.probabilities(at: points.neutrinoEnergy[i] - points.leptonEnergy[i], group: group)
        }
      }
    }
    self.probabilities = probabilities
    self.response = needed?.response ?? response
    columns = needed?.first ?? []
    isDivided = known != nil
    let sums = known?.places
    places = sums?.ofParts
    let leptonCount = if case .rows(let rows) = self.response { rows.count } else { trueBinCount }
    binCount = sums?.count ?? leptonCount * parts
    neutrinoEnergies = cells.edges[0]...cells.edges[cells.count]
  }

  private struct Point {
    let neutrinoEnergy: Double
    let leptonEnergy: Double
    let cosTheta: Double
    let bin: Int32
    let weight: Double
  }

  /// Computes rates from cross sections; one thread, because a step spends its time in the model and not here.
  public func apply(_ values: UnsafeBufferPointer<Double>, rates: UnsafeMutableBufferPointer<Double>, threads: Int) {
    precondition(values.count == points.count && rates.count == binCount)
    guard !isDivided else { return applyInParts(values, rates: rates) }
    var trueRates = [Double](repeating: 0, count: trueBinCount)
    trueRates.withUnsafeMutableBufferPointer { sums in
      weights.withUnsafeBufferPointer { weights in
        bins.withUnsafeBufferPointer { bins in
          for i in 0..<values.count { sums[Int(bins[i])] += weights[i] * values[i] }
        }
      }
    }
    for (bin, rate) in response.apply(trueRates).enumerated() { rates[bin] = rate }
  }

  /// Computes the gradient with respect to cross sections.
  public func applyTranspose(
    _ gradient: UnsafeBufferPointer<Double>, values: UnsafeMutableBufferPointer<Double>, threads: Int
  ) {
    precondition(values.count == points.count && gradient.count == binCount)
    guard !isDivided else { return applyTransposeInParts(gradient, values: values) }
    var byTrueRate = [Double](repeating: 0, count: trueBinCount)
    switch response {
    case .identity: for bin in 0..<binCount { byTrueRate[bin] = gradient[bin] }
    case .rows(let rows):
      for (bin, row) in rows.enumerated() {
        for entry in row { byTrueRate[entry.trueBin] += entry.probability * gradient[bin] }
      }
    }
    byTrueRate.withUnsafeBufferPointer { byTrueRate in
      weights.withUnsafeBufferPointer { weights in
        bins.withUnsafeBufferPointer { bins in
          for i in 0..<values.count { values[i] = weights[i] * byTrueRate[Int(bins[i])] }
        }
      }
    }
  }

  private func applyInParts(_ values: UnsafeBufferPointer<Double>, rates: UnsafeMutableBufferPointer<Double>) {
    var trueRates = [[Double]](repeating: [Double](repeating: 0, count: columns[trueBinCount]), count: parts)
    var place = 0
    for i in 0..<values.count {
      let term = weights[i] * values[i]
      for column in columns[Int(bins[i])]..<columns[Int(bins[i]) + 1] {
        for part in 0..<parts { trueRates[part][column] += term * probabilities[place + part] }
        place += parts
      }
    }
    if places != nil { for bin in rates.indices { rates[bin] = 0 } }
    for part in 0..<parts {
      for (bin, rate) in response.apply(trueRates[part]).enumerated() {
        guard let places else {
          rates[bin * parts + part] = rate
          continue
        }
        let place = places[bin * parts + part]
        if place >= 0 { rates[place] += rate }
      }
    }
  }

  private func applyTransposeInParts(
    _ gradient: UnsafeBufferPointer<Double>, values: UnsafeMutableBufferPointer<Double>
  ) {
    let gradient = places.map { $0.map { $0 < 0 ? 0 : gradient[$0] } } ?? Array(gradient)
    var byTrueRate = [Double](repeating: 0, count: columns[trueBinCount] * parts)
    switch response {
    case .identity: for bin in gradient.indices { byTrueRate[bin] = gradient[bin] }
    case .rows(let rows):
      for (bin, row) in rows.enumerated() {
        for entry in row {
          for part in 0..<parts {
            byTrueRate[entry.trueBin * parts + part] += entry.probability * gradient[bin * parts + part]
          }
        }
      }
    }
    var place = 0
    for i in 0..<values.count {
      var slope = 0.0
      for column in columns[Int(bins[i])]..<columns[Int(bins[i]) + 1] {
        for part in 0..<parts { slope += probabilities[place + part] * byTrueRate[column * parts + part] }
        place += parts
      }
      values[i] = weights[i] * slope
    }
  }
}
