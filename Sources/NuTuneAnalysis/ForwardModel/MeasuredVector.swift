import NuTuneCore
import NuTuneNumerics

/// Near datasets of values with a covariance that are compared as one vector of data, because they share errors: parts of one
/// measurement, with the covariance of all their bins, and measurements of one beam whose flux is fitted, with one set of
/// pulls.
struct MeasuredVector {
  /// Datasets of one measurement.
  private struct Block {
    /// Places in ``MeasuredVector/datasets``.
    var datasets: Range<Int>
    /// Their bins in the vector.
    var bins: Range<Int>
    /// Values and covariance of these bins.
    var observation: Observation
    /// Their flux uncertainty; nil where none is fitted.
    var flux: FluxComponents?
  }

  /// The datasets in the order of their bins, those of one measurement beside one another.
  let datasets: [FoldedDataset]
  private let blocks: [Block]
  /// What of the flux is fitted; nil for nothing.
  private let flux: FluxComponents?

  /// The vector of some datasets in an order of ``indices(of:)``, all compared by the same statistic of values.
  init(_ datasets: [FoldedDataset]) throws {
    let blocks = try Self.blocks(of: datasets)
    let fluxes = blocks.compactMap { block in block.flux.map { (components: $0, values: block.observation.contents) } }
    let flux = fluxes.count > 1 ? FluxComponents.shared(fluxes) : fluxes.first?.components
    self.init(datasets, blocks, flux)
  }

  private init(_ datasets: [FoldedDataset], _ blocks: [Block], _ flux: FluxComponents?) {
    (self.datasets, self.blocks) = (datasets, blocks)
    self.flux = flux.flatMap { $0.changes.isEmpty ? nil : $0 }
  }

  /// One of the datasets with the flux components of the vector.
  func part(_ index: Int) throws -> MeasuredVector {
    let first = datasets[..<index].reduce(0) { $0 + $1.sample.binning.count }
    let bins = first..<(first + datasets[index].sample.binning.count)
    return MeasuredVector(
      [datasets[index]], try Self.blocks(of: [datasets[index]]), flux?.selecting(bins))
  }

  /// The term that compares the rates of all bins with the data of each dataset, whose χ² counts ``Dataset/weight`` times: the
  /// covariance, without the flux components that are fitted, is divided by the weight. Pulls of the flux have a weight of one.
  ///
  /// - Parameters:
  ///   - data: of each dataset, in order.
  ///   - unit: events for a rate of one and an exposure of one.
  func term(comparedWith data: [SampleData], unit: () throws -> Double) throws -> any ResidualTerm {
    let terms = try blocks.map { block -> any ResidualTerm in
      let (own, first) = (block.observation, datasets[block.datasets.lowerBound])
      let (values, flux) = (data[block.datasets].flatMap(\.contents), flux?.selecting(block.bins))
      func weighted(_ covariance: Matrix) -> Matrix {
        var rest = flux?.removed(from: covariance, of: values) ?? covariance
        let weight = first.dataset.weight
        guard weight != 1 else { return rest }
        for i in 0..<rest.rows { for j in 0..<rest.columns { rest[i, j] /= weight } }
        return rest
      }
      let measured = try MeasuredValues(
        values: values, covariance: weighted(own.covariance),
        normalization: try own.isMeasured ? 1 / first.fluxIntegral() : unit() * first.exposure,
        threshold: own.threshold, sample: Sample.together(datasets[block.datasets].map(\.sample)).name)
      switch first.dataset.statistic {
      case .normShape: return try NormShapeTerm(measured)
      case .predictionScaled:
        return try PredictionScaledTerm(measured, multiplicative: own.multiplicative.map(weighted))
      case .logNormal: return try LogNormalTerm(measured)
      case .shape, .poisson, .gaussian: return try GaussianTerm(measured)
      }
    }
    let together: any ResidualTerm = terms.count == 1 ? terms[0] : SideBySideTerm(terms)
    let term = try flux.map { try FluxComponentTerm(together, components: try Matrix($0.changes)) } ?? together
    return try smearing.map { try SmearedTerm(term, smearing: $0) } ?? term
  }

  /// What the rates of all bins are multiplied by; nil for nothing.
  private var smearing: Matrix? {
    guard blocks.contains(where: { $0.observation.smearing != nil }) else { return nil }
    return Matrix(blocks: blocks.map { $0.observation.smearing ?? .identity($0.bins.count) })
  }
}

extension MeasuredVector {
  /// Places of some near datasets in vectors, each in the order of its first; a dataset that is compared for itself is alone.
  /// Shape [vectors][datasets].
  ///
  /// Values with a covariance are together that share errors. So are sums of components that one detector measures in several horn
  /// modes, here by the first of each, where shapes are compared: how many events one mode has beside another says how many
  /// neutrinos of each sign there are.
  static func indices(of near: [FoldedDataset]) -> [[Int]] {
    grouped(near) { dataset in
      dataset.fluxUncertainty.map { ["flux", $0.beam] } ?? shape(ofSum: dataset) ?? measurement(of: dataset)
    }.flatMap { vector in
      // Of what is no sum, only values with a covariance share anything.
      let first = near[vector[0]].dataset
      return first.statistic.comparesValues || shape(ofSum: first) != nil
        ? [measurements(of: vector.map { near[$0] }).flatMap { $0.map { vector[$0] } }] : vector.map { [$0] }
    }
  }

  /// Places of the components of each measured sample, in the order of its first; a dataset that is measured as it is is alone.
  /// Shape [samples][datasets].
  static func samples(of near: [FoldedDataset]) -> [[Int]] { grouped(near) { [$0.measuredAs] } }

  /// What sums of components have in common of which the shape is one, by the first component of each; nil for other datasets.
  private static func shape(ofSum first: Dataset) -> [String]? {
    guard first.isComponent, first.statistic == .shape else { return nil }
    return [
      "sum", first.experiment, first.sample.position, "\(first.exposure)", first.sample.reaction.target.name,
      first.species.rawValue,
    ]
  }

  /// Places of the parts of each measurement, in the order of its first. Shape [measurements][datasets].
  static func measurements(of near: [FoldedDataset]) -> [[Int]] {
    grouped(near, by: measurement)
  }

  /// Values and covariance of all bins of some parts of a measurement, in their order.
  static func observation(of parts: [Dataset]) -> Observation {
    parts.count == 1
      ? parts[0].observation
      : parts[0].part?.whole.selecting(parts.flatMap { $0.part?.bins ?? [] }) ?? parts[0].observation
  }

  private static func measurement(of dataset: Dataset) -> [String] {
    dataset.part.map { ["measurement", $0.measurement] } ?? ["sample", dataset.sample.name]
  }

  /// Places of the datasets with equal keys, each list in the order of its first.
  private static func grouped(_ near: [FoldedDataset], by key: (Dataset) -> [String]) -> [[Int]] {
    var (groups, places): ([[Int]], [[String]: Int]) = ([], [:])
    for (index, folded) in near.enumerated() {
      let key = key(folded.dataset)
      let place = places[key, default: groups.count]
      if place == groups.count {
        places[key] = place
        groups.append([])
      }
      groups[place].append(index)
    }
    return groups
  }

  /// Neighbours that are parts of one measurement, with what is known of all their bins.
  private static func blocks(of datasets: [FoldedDataset]) throws -> [Block] {
    var first = 0
    return try measurements(of: datasets).map { members in
      let own = members.map { datasets[$0].dataset }
      let count = own.reduce(0) { $0 + $1.sample.binning.count }
      defer { first += count }
      let flux = try own[0].fluxUncertainty.map { flux in
        try FluxComponents(
          relative: own[0].part == nil ? flux.relative : flux.relative.selecting(own.flatMap { $0.part?.bins ?? [] }),
          count: flux.count)
      }
      return Block(
        datasets: members[0]..<(members[0] + members.count), bins: first..<(first + count),
        observation: observation(of: own), flux: flux)
    }
  }
}
