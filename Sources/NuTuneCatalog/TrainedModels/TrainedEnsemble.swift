import NuTuneCore
import NuTuneNumerics

/// The members of an ensemble as one model: its structure functions are the mean of theirs, its posterior covariance is
/// their sample covariance.
///
///     W = Σ_k c_k s_k W_k,   c = 1/N + δ,   δ = (1 − 1·1ᵀ/N)/√(N − 1) z,   z ~ N(0, 1)
///
/// s_k is the scale of a member. A mean of positive hadron tensors is positive.
struct TrainedEnsemble: GaussianModel {
  /// A restored member.
  struct Member: Sendable {
    /// The model.
    var model: any StructureFunctionModel
    /// Factor on its structure functions for each neutrino sign; one where there is none.
    var scales: [Helicity: Double]
  }

  /// The members, at least two.
  let members: [Member]
  /// Coefficients c of the members.
  private var coefficients: [Double]

  /// Fewest members that have a covariance.
  static let fewest = 2

  /// Makes a model of at least two members.
  init(_ members: [Member]) {
    precondition(members.count >= Self.fewest)
    self.members = members
    coefficients = [Double](repeating: 1 / Double(members.count), count: members.count)
  }

  static var descriptor: PluginDescriptor {
    PluginDescriptor(
      kind: .crossSection, name: "trained-ensemble", summary: "The mean of the members of an ensemble.", parameters: [],
      citations: [])
  }

  init(_ configuration: PluginConfiguration) throws { throw TrainedGaussianModel.withoutWeights }

  func check(_ reactions: [Reaction]) throws {
    for member in members { try member.model.check(reactions) }
  }

  /// Where all members have one.
  var energyRange: ClosedRange<Double>? {
    members.compactMap { $0.model.energyRange }.reduce(nil) { $0?.clamped(to: $1) ?? $1 }
  }

  func structureFunctions(of reaction: Reaction, at points: InvariantPoints) throws -> StructureFunctions {
    var sum = StructureFunctions(count: points.count)
    for index in members.indices {
      sum += try scaled(index, by: coefficients[index], reaction, points)
    }
    return sum
  }

  var weightGroups: [WeightGroup] {
    let count = Double(members.count)
    let norm = 1 / (count - 1).squareRoot()
    var factor = Matrix(rows: members.count, columns: members.count)
    for row in members.indices {
      for column in members.indices { factor[row, column] = ((row == column ? 1 : 0) - 1 / count) * norm }
    }
    return [WeightGroup(name: "members", factor: factor)]
  }

  func basis(
    ofGroup group: Int, weights range: Range<Int>, reaction: Reaction, at points: InvariantPoints
  ) throws -> [StructureFunctions]? {
    try range.map { try scaled($0, by: 1, reaction, points) }
  }

  func displaced(by weights: [[Double]]) throws -> any StructureFunctionModel {
    var copy = self
    copy.coefficients = zip(coefficients, weights[0]).map { $0 + $1 }
    return copy
  }

  /// c s W of a member.
  private func scaled(
    _ index: Int, by coefficient: Double, _ reaction: Reaction, _ points: InvariantPoints
  ) throws -> StructureFunctions {
    let member = members[index]
    let factor = coefficient * (member.scales[reaction.species.helicity] ?? 1)
    var functions = try member.model.structureFunctions(of: reaction, at: points)
    for order in functions.w.indices {
      for point in functions.w[order].indices { functions.w[order][point] *= factor }
    }
    return functions
  }
}
