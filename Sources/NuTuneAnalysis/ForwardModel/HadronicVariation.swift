import NuTuneCore
import NuTuneFolding

/// How the near operator of a dataset follows numbers of the hadronic response of its detector: probabilities at the nodes,
/// by exact values and differences of these around a point.
struct HadronicVariation: ResponseVariation {
  let fold: CollapsedFold
  let detector: any HadronicDetector
  let species: NeutrinoSpecies
  let axis: Axis
  /// The active nodes.
  let points: InvariantPoints
  /// All parameters of the problem.
  let parameters: [ResponseParameter]

  /// Step of a difference, in units of a parameter: errors are of the order of its square times the third derivative.
  private static let step = 0.02

  /// Expands the probabilities to second order, at least a step inside of the range of every parameter.
  func expansion(around displacements: [Double]) throws -> any ResponseExpansion {
    let h = Self.step
    let center = zip(displacements, parameters).map { displacement, parameter in
      let allowed = parameter.displacements
      return min(max(displacement, allowed.lowerBound + h), allowed.upperBound - h)
    }
    func values(_ moves: [Int: Double]) throws -> [Double] {
      var place = center
      for (index, move) in moves { place[index] += move }
      return try probabilities(at: place)
    }
    let base = try values([:])
    let sides = try parameters.indices.map { (up: try values([$0: h]), down: try values([$0: -h])) }
    var curvatures: [[Double]] = []
    for i in parameters.indices {
      for j in 0..<i {
        let (both, neither) = (try values([i: h, j: h]), try values([i: -h, j: -h]))
        let (first, second) = (try values([i: h, j: -h]), try values([i: -h, j: h]))
        curvatures.append(base.indices.map { (both[$0] + neither[$0] - first[$0] - second[$0]) / (4 * h * h) })
      }
      curvatures.append(base.indices.map { (sides[i].up[$0] + sides[i].down[$0] - 2 * base[$0]) / (h * h) })
    }
    return HadronicExpansion(
      fold: fold, bins: axis.count, center: center, base: base,
      slopes: sides.map { side in base.indices.map { (side.up[$0] - side.down[$0]) / (2 * h) } }, curvatures: curvatures
    )
  }

  /// Probabilities at the nodes, shape [bins][nodes] in one array.
  private func probabilities(at displacements: [Double]) throws -> [Double] {
    let numbers = zip(parameters, displacements).map { ($0.name, $0.value(at: $1)) }
    let response = try detector.settingHadronicParameters(Dictionary(uniqueKeysWithValues: numbers))
      .hadronicResponse(for: axis, of: species)
    return try HadronicProbabilities.values(of: response, binCount: axis.count, at: points).flatMap { $0 }
  }
}

/// Probabilities of hadronic bins at the nodes, expanded to second order in displacements.
private struct HadronicExpansion: ResponseExpansion {
  let fold: CollapsedFold
  let bins: Int
  let center: [Double]
  /// Shape [bins · nodes].
  let base: [Double]
  /// Shape [parameters][bins · nodes].
  let slopes: [[Double]]
  /// Second derivatives of the pairs (0, 0), (1, 0), (1, 1), …, shape [pairs][bins · nodes].
  let curvatures: [[Double]]

  func operators(at displacements: [Double]) -> ResponseOperators {
    let distance = zip(displacements, center).map { $0 - $1 }
    var (values, derivatives) = (base, slopes)
    var pair = 0
    for i in distance.indices {
      Self.add(slopes[i], times: distance[i], to: &values)
      for j in 0...i {
        let curvature = curvatures[pair]
        pair += 1
        Self.add(curvature, times: (i == j ? 0.5 : 1) * distance[i] * distance[j], to: &values)
        Self.add(curvature, times: distance[j], to: &derivatives[i])
        if i != j { Self.add(curvature, times: distance[i], to: &derivatives[j]) }
      }
    }
    return ResponseOperators(
      operation: fold.dividing(by: values, bins: bins), slopes: derivatives.map { fold.dividing(by: $0, bins: bins) })
  }

  private static func add(_ values: [Double], times factor: Double, to sum: inout [Double]) {
    guard factor != 0 else { return }
    for index in sum.indices { sum[index] += factor * values[index] }
  }
}
