import NuTuneCore
import NuTuneNumerics

/// The bases of the modulations of all nuclei of a process at the nodes of a fold. Weights are those of one nucleus after the
/// other, and modulations of different nuclei share none.
struct JointBasis: Sendable {
  /// One for each nucleus.
  let bases: [ProcessBasis]
  /// Weights of each nucleus.
  let weights: [Range<Int>]
  /// The bases at the nodes.
  private let onNodes: [NodeBasis]

  /// Places the bases of some kernels, which are added, on nodes.
  ///
  /// - Parameters:
  ///   - kernels: of the modulations of every nucleus.
  ///   - functions: number of modulations of each nucleus.
  ///   - nodes: of the fold, which the bases cover.
  ///   - spacing: distance of the points of a basis, in correlation lengths.
  init(_ kernels: [Settings.Kernel], functions: [Int], at nodes: InvariantPoints, spacing: Double) throws {
    bases = try functions.map { try ProcessBasis(kernels, functions: $0, covering: nodes, spacing: spacing) }
    onNodes = try bases.map { try NodeBasis($0, at: nodes) }
    var ranges: [Range<Int>] = []
    for basis in bases {
      let first = ranges.last?.upperBound ?? 0
      ranges.append(first..<first + basis.weightCount)
    }
    weights = ranges
  }

  /// Number of weights of all nuclei.
  var weightCount: Int { weights.last?.upperBound ?? 0 }

  /// Computes g at the nodes, shape [nuclei][functions][nodes], for weights of shape [weights].
  func modulations(of values: [Double]) throws -> [[[Double]]] {
    try zip(onNodes, weights).map { try $0.modulations(of: Array(values[$1])) }
  }

  /// Computes the slopes of the node values of every component of a sample with respect to the independent processes; shape
  /// [components][kernels][nodes][functions][3].
  ///
  /// - Parameters:
  ///   - sample: the sample.
  ///   - modulations: shape [nuclei][functions][nodes].
  ///   - unit: factor of the node values.
  func slopes(of sample: NearDesign.NearSample, _ modulations: [[[Double]]], unit: Double) -> [[[Double]]] {
    sample.components.map { component in
      onNodes[component.nucleus].mixed(
        component.modulated.slopes(modulations[component.nucleus], unit: unit), length: 3)
    }
  }

  /// Computes what the rate of a bin changes by with each weight, the sum over the components of its sample; shape [weights].
  ///
  /// - Parameters:
  ///   - bin: of the sample.
  ///   - sample: the sample.
  ///   - slopes: of its node values, ``slopes(of:_:unit:)``.
  func row(of bin: Int, in sample: NearDesign.NearSample, slopes: [[[Double]]]) throws -> [Double] {
    var row = [Double](repeating: 0, count: weightCount)
    for (component, slopes) in zip(sample.components, slopes) {
      let own = try onNodes[component.nucleus].row(of: bin, in: component, slopes: slopes)
      for (weight, value) in zip(weights[component.nucleus], own) { row[weight] += value }
    }
    return row
  }
}
