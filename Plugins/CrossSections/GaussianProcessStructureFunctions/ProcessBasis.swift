import NuTuneCore
import NuTuneNumerics

/// The basis of all modulations of a process whose kernel is a sum: the bases of the kernels side by side,
///
///     g_j = Σ_kernels Σ_k mixing[j, k] φ·η_k
///
/// Independent weights add up to processes whose covariance is the sum of the kernels. Weights have the order [kernels]
/// [functions][basis functions].
struct ProcessBasis: Sendable {
  /// One of the kernels that are added.
  struct Part: Sendable {
    let kernel: Settings.Kernel
    let basis: KernelBasis
    /// Shape [functions × functions], lower triangular.
    let mixing: Matrix
  }

  let parts: [Part]
  /// Number of modulations.
  let functions: Int

  /// Places bases of some kernels.
  init(_ kernels: [(kernel: Settings.Kernel, basis: KernelBasis)], functions: Int) throws {
    self.functions = functions
    parts = try kernels.map {
      Part(kernel: $0.kernel, basis: $0.basis, mixing: try Self.mixing($0.kernel, functions: functions))
    }
  }

  /// Creates bases that cover some points.
  ///
  /// - Parameter spacing: distance of the points of a basis, in correlation lengths.
  init(_ kernels: [Settings.Kernel], functions: Int, covering points: InvariantPoints, spacing: Double) throws {
    try self.init(
      try kernels.map {
        ($0, try KernelBasis(covering: points, lengths: ($0.tLength, $0.uLength), spacing: spacing))
      }, functions: functions)
  }

  /// Computes amplitude_j L_jk with L Lᵀ the correlation of the functions: g_j = Σ_k mixing[j, k] φ·η_k.
  private static func mixing(_ kernel: Settings.Kernel, functions: Int) throws -> Matrix {
    var correlation = Matrix(rows: functions, columns: functions, repeating: kernel.correlation)
    for j in 0..<functions { correlation[j, j] = 1 }
    var mixing = try Cholesky(correlation).lower
    for j in 0..<functions {
      let amplitude = j < 3 ? kernel.amplitude : kernel.massAmplitude ?? kernel.amplitude
      for k in 0...j { mixing[j, k] *= amplitude }
    }
    return mixing
  }

  /// The kernels that are added.
  var kernels: [Settings.Kernel] { parts.map(\.kernel) }

  /// Number of weights of all modulations.
  var weightCount: Int { parts.reduce(0) { $0 + functions * $1.basis.count } }

  /// Whether weights mean the same in another basis.
  func hasSameWeights(as other: ProcessBasis) -> Bool {
    functions == other.functions && kernels == other.kernels
      && zip(parts, other.parts).allSatisfy { $0.basis.t == $1.basis.t && $0.basis.u == $1.basis.u }
  }

  /// Splits weights by kernel.
  func split(_ weights: [Double]) -> [[Double]] {
    var rest = weights[...]
    return parts.map { part in
      defer { rest = rest.dropFirst(functions * part.basis.count) }
      return Array(rest.prefix(functions * part.basis.count))
    }
  }

  /// Returns the kernel, the independent process k and the basis function (a, b) of a weight.
  func place(of weight: Int) -> (part: Int, function: Int, a: Int, b: Int) {
    var (part, rest) = (0, weight)
    while rest >= functions * parts[part].basis.count {
      rest -= functions * parts[part].basis.count
      part += 1
    }
    let basis = parts[part].basis
    return (part, rest / basis.count, rest % basis.count / basis.u.count, rest % basis.u.count)
  }

  /// Computes the factors of every basis at points, see ``KernelBasis/factors(at:)``.
  func factors(at points: InvariantPoints) throws -> [(t: Matrix, u: Matrix)] {
    try parts.map { try $0.basis.factors(at: points) }
  }

  /// Computes g at points with known factors, shape [functions][points].
  func modulations(of weights: [Double], _ factors: [(t: Matrix, u: Matrix)]) throws -> [[Double]] {
    let ofKernels = try zip(zip(parts, split(weights)), factors).map {
      try $0.0.basis.modulations(of: $0.1, mixing: $0.0.mixing, $1)
    }
    return ofKernels.dropFirst().reduce(ofKernels[0]) { sum, next in zip(sum, next).map { zip($0, $1).map(+) } }
  }
}
