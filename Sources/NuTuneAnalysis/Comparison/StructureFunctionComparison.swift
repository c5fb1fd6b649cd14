import Foundation
import NuTuneCore
import NuTuneFolding
import NuTuneResults

/// Does a model learn the true structure functions? Maps over x and Q², beside the importance of each point.
package struct StructureFunctionComparison {
  /// Pixels in ln x.
  static let xPixels = 96
  /// Pixels in ln Q².
  static let q2Pixels = 72
  /// Points per side of a pixel at which densities are averaged: importance is sharp at x = 1, where a pixel is wider
  /// than a node.
  private static let subdivisions = 4
  /// Share of the near and far rates left out at each end of the map.
  private static let tail = 0.002

  let folded: ForwardModel
  private let truth: any StructureFunctionModel
  package private(set) var maps: StructureFunctionMaps
  /// The reaction of each map.
  private var reactions: [Reaction] = []
  /// Share of each node in the true near rate, the sum over the channels of a neutrino sign and target, shape [grid
  /// nodes].
  private(set) var nearShares: [LearnedNucleus: [Double]] = [:]

  /// Maps of the truth; nil when the truth has no structure functions.
  package init?(_ comparison: ModelComparison) throws {
    guard let truth = comparison.analysis.truthModel as? any StructureFunctionModel else { return nil }
    folded = comparison.folded
    self.truth = truth
    maps = StructureFunctionMaps(channels: [])
    let hasTargets = Set(folded.near.map(\.sample.reaction.target)).count > 1
    for sample in folded.near where !reactions.contains(sample.sample.reaction) {
      let reaction = sample.sample.reaction
      reactions.append(reaction)
      // Where there is one target only, names stay those of the channels.
      let target = hasTargets ? reaction.target.name : nil
      let near = folded.near.filter { $0.sample.reaction == reaction }
      let far = folded.far.filter { $0.sample.reaction == reaction }
      let nearShares = try mean(near) { folded.nearWeights($0) }
      let nucleus = LearnedNucleus(reaction.species.helicity, target: hasTargets ? reaction.target : nil)
      self.nearShares[nucleus] =
        self.nearShares[nucleus].map { zip($0, nearShares).map { $0 + $1 } } ?? nearShares
      let farShares =
        far.isEmpty ? nil : try mean(far) { try folded.farWeights($0, comparison.analysis.oscillation) }
      let (x, q2) = edges(nearShares, farShares ?? nearShares)
      var channel = StructureFunctionMaps.Channel(
        channel: reaction.species.rawValue + (target.map { "-\($0)" } ?? ""),
        symbol: reaction.species.symbol + (target.map { " \($0)" } ?? ""), x: x, q2: q2,
        nearImportance: pixels(nearShares, x, q2), farImportance: farShares.map { pixels($0, x, q2) },
        truth: .init(w1: [], w2: [], w3: []), models: [:], scales: [:])
      channel.truth = try functions(of: truth, reaction, in: channel, scale: 1)
      maps.channels.append(channel)
    }
  }

  /// Adds a model to the maps and returns its deviations; nil when it has no structure functions.
  package mutating func add(
    _ model: any CrossSectionModel, label: String, _ responses: ModelResponses, truth: ModelResponses
  )
    throws -> StructureFunctionDeviations?
  {
    guard let linear = model as? any StructureFunctionModel else { return nil }
    let (rates, trueRates) = (responses.nearRates(), truth.nearRates())
    for index in maps.channels.indices {
      let reaction = reactions[index]
      let samples = folded.near.indices.filter { folded.near[$0].sample.reaction == reaction }
      func total(_ rates: [[Double]]) -> Double { samples.reduce(0) { $0 + rates[$1].reduce(0, +) } }
      let scale = total(trueRates) / total(rates)
      maps.channels[index].scales[label] = scale
      maps.channels[index].models[label] = try functions(
        of: linear, reaction, in: maps.channels[index], scale: scale)
    }
    var deviations = maps.deviations(of: label)
    deviations?.posteriorOverPrior = try posteriorWidths(of: linear)
    return deviations
  }

  /// Mean share of each node over samples of a channel.
  private func mean(
    _ samples: [FoldedDataset], _ weights: (FoldedDataset) throws -> [Double]
  ) throws -> [Double] {
    var sum = [Double](repeating: 0, count: folded.grid.count)
    for sample in samples {
      let shares = try folded.importance(of: truth, sample, weights: try weights(sample))
      for node in sum.indices { sum[node] += shares[node] / Double(samples.count) }
    }
    return sum
  }

  /// Edges of a map that leaves out a ``tail`` of the rate on each side, at round numbers.
  private func edges(_ near: [Double], _ far: [Double]) -> (x: [Double], q2: [Double]) {
    let points = folded.grid.invariants()
    let nodes = points.q2.indices.filter { points.omega[$0] > 0 && points.q2[$0] > 0 }
    func range(_ value: (Int) -> Double) -> (low: Double, high: Double) {
      let sorted = nodes.map { (value($0), near[$0] + far[$0]) }.sorted { $0.0 < $1.0 }
      let total = sorted.reduce(0) { $0 + $1.1 }
      func quantile(_ share: Double) -> Double {
        var sum = 0.0
        for (value, weight) in sorted {
          sum += weight
          if sum >= share * total { return value }
        }
        return sorted.last?.0 ?? 1
      }
      return (Self.rounded(quantile(Self.tail), up: false), Self.rounded(quantile(1 - Self.tail), up: true))
    }
    func spaced(_ range: (low: Double, high: Double), _ count: Int) -> [Double] {
      (0...count).map { range.low * pow(range.high / range.low, Double($0) / Double(count)) }
    }
    let mass = PhysicalConstants.nucleonMass
    return (
      spaced(range { points.q2[$0] / (2 * mass * points.omega[$0]) }, Self.xPixels),
      spaced(range { points.q2[$0] }, Self.q2Pixels)
    )
  }

  /// The next of 1, 1.5, 2, 3, 5, 7 × 10ⁿ above or below a positive value.
  private static func rounded(_ value: Double, up: Bool) -> Double {
    let decade = pow(10, floor(log10(value)))
    let steps = [1, 1.5, 2, 3, 5, 7, 10].map { $0 * decade }
    return up
      ? steps.first { $0 >= value * (1 - 1e-9) } ?? 10 * decade
      : steps.last { $0 <= value * (1 + 1e-9) } ?? decade
  }

  /// Share of the rate in each pixel.
  private func pixels(_ shares: [Double], _ x: [Double], _ q2: [Double]) -> [Double] {
    let density = NodeDensity(grid: folded.grid, shares: shares)
    let n = Self.subdivisions
    var result: [Double] = []
    for (xLow, xHigh) in zip(x, x.dropFirst()) {
      for (low, high) in zip(q2, q2.dropFirst()) {
        var sum = 0.0
        for i in 0..<n {
          for j in 0..<n {
            let (f, g) = ((Double(i) + 0.5) / Double(n), (Double(j) + 0.5) / Double(n))
            sum += density.value(x: xLow * pow(xHigh / xLow, f), q2: low * pow(high / low, g))
          }
        }
        result.append(Self.short(sum / Double(n * n) * log(xHigh / xLow) * log(high / low)) ?? 0)
      }
    }
    return result
  }

  /// Effective functions at the centres of the pixels that the beam reaches.
  private func functions(
    of model: any StructureFunctionModel, _ reaction: Reaction, in channel: StructureFunctionMaps.Channel, scale: Double
  ) throws -> StructureFunctionMaps.Functions {
    let active = Set(folded.nodes.gridIndices)
    let grid = folded.grid
    func isReached(_ omega: Double, _ q2: Double) -> Bool {
      let (t, u) = NodeGrid.coordinates(omega: omega, q2: q2)
      let i = Int(((t - grid.tMinimum) / grid.tStep).rounded(.down))
      let j = Int(((u - grid.uMinimum) / grid.uStep).rounded(.down))
      guard (0..<grid.tCount - 1).contains(i), (0..<grid.uCount - 1).contains(j) else { return false }
      return [(i, j), (i + 1, j), (i, j + 1), (i + 1, j + 1)].allSatisfy { active.contains($0.0 * grid.uCount + $0.1) }
    }
    var points = InvariantPoints(omega: [], q2: [])
    var places: [Int] = []
    for i in 0..<channel.x.count - 1 {
      for j in 0..<channel.q2.count - 1 {
        let x = (channel.x[i] * channel.x[i + 1]).squareRoot()
        let q2 = (channel.q2[j] * channel.q2[j + 1]).squareRoot()
        let omega = q2 / (2 * PhysicalConstants.nucleonMass * x)
        guard isReached(omega, q2) else { continue }
        points.omega.append(omega)
        points.q2.append(q2)
        places.append(i * (channel.q2.count - 1) + j)
      }
    }
    let tensor = LeptonTensor(reaction.species)
    let values = tensor.nodeValues(of: try model.structureFunctions(of: reaction, at: points), at: points)
    let effective = tensor.effectiveFunctions(nodeValues: values, at: points)
    let maps = effective.map { function -> [Double?] in
      var map = [Double?](repeating: nil, count: Self.xPixels * Self.q2Pixels)
      for (place, value) in zip(places, function) { map[place] = Self.short(value * scale) }
      return map
    }
    return .init(w1: maps[0], w2: maps[1], w3: maps[2])
  }

  /// Six digits, enough for any map and half the size of the file; nil for what is not finite.
  private static func short(_ value: Double) -> Double? {
    value.isFinite ? Double(String(format: "%.6g", value)) : nil
  }
}
