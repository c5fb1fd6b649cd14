import Foundation
import NuTuneCore
import NuTuneNumerics

extension LearnedProcess {
  /// Learns from the samples of one helicity.
  init(
    helicity: Helicity, samples: [TuningSample], nodes: InvariantPoints, prior: (any StructureFunctionModel)?,
    settings: Settings, threads: Int, progress: (Int) -> Void
  ) throws {
    let separates = Set(samples.map(\.sample.reaction.species.flavor)).count > 1
    let theory = ModulatedTheory(prior: prior, separatesMassTerms: separates)
    let design = try NearDesign(
      samples, nodes: nodes, theory: theory, infiniteEvents: settings.infiniteEvents, threads: threads)
    let isFinite = samples.map { $0.events != nil }
    let finite = zip(samples, isFinite).flatMap { [Bool](repeating: $1, count: $0.nodeOperator.binCount) }
    let solver = Solver(design: design, isFinite: finite, settings: settings, threads: threads, functions: theory.count)

    var kernel = settings.kernel
    var trouble: String?
    if settings.choice == .marginalLikelihood {
      (kernel, trouble) = try solver.likeliestKernel(progress: progress)
    }
    let (basis, posterior) = try solver.solve(kernel, passes: 2)
    self.init(
      helicity: helicity, separatesMassTerms: separates, kernel: kernel, basis: basis, mean: posterior.mean,
      factor: try posterior.factor(), trouble: trouble)
  }
}

/// Solves for the weights with given hyperparameters.
private struct Solver {
  let design: NearDesign
  let isFinite: [Bool]
  let settings: Settings
  let threads: Int
  let functions: Int

  /// The posterior. The variance of a bin is that of its expected events under the prior first and under the posterior
  /// mean of the pass before then; fewer than one event count as one.
  func solve(_ kernel: Settings.Kernel, passes: Int) throws -> (KernelBasis, WeightPosterior) {
    let basis = try KernelBasis(
      covering: design.nodes, lengths: (kernel.tLength, kernel.uLength), spacing: settings.spacing)
    let matrix = try design.matrix(
      basis: basis, mixing: LearnedProcess.mixing(kernel, functions: functions), threads: threads)
    let residual = zip(design.data, design.mean).map { $0 - $1 }
    var prediction = design.mean
    var posterior: WeightPosterior?
    for _ in 0..<passes {
      posterior = try WeightPosterior(design: matrix, residual: residual, variance: variance(prediction))
      guard isFinite.contains(true), let mean = posterior?.mean else { break }
      prediction = zip(design.mean, try matrix.multiplied(by: mean)).map { $0 + $1 }
    }
    guard let posterior else { throw NuTuneError(.internalError, found: "no pass", expected: "one or two") }
    return (basis, posterior)
  }

  private func variance(_ prediction: [Double]) -> [Double] {
    prediction.indices.map { bin in
      let events = design.events[bin]
      guard isFinite[bin] else { return design.data[bin] / events + 1e-14 }
      return max(prediction[bin] * events, 1) / (events * events)
    }
  }

  /// The kernel of the largest marginal likelihood, searched by a simplex from the given one, and what is wrong with the
  /// search if something is.
  func likeliestKernel(progress: (Int) -> Void) throws -> (kernel: Settings.Kernel, trouble: String?) {
    func kernel(_ x: [Double]) -> Settings.Kernel {
      let start = settings.kernel
      // Bounded steps: no evaluation may ask for a basis of a million functions.
      let scale = x.map { exp(2 * tanh($0 / 2)) }
      return Settings.Kernel(
        tLength: start.tLength * scale[0], uLength: start.uLength * scale[1], amplitude: start.amplitude * scale[2],
        correlation: start.correlation)
    }
    var evaluations = 0
    let result = try Minimizer.nelderMead(
      from: [0, 0, 0], steps: [0.3, 0.3, 0.3], sizeTolerance: 0.03, maximumIterations: 60
    ) { x in
      evaluations += 1
      progress(evaluations)
      // A kernel that cannot be solved is an unlikely one.
      guard let solved = try? solve(kernel(x), passes: 1) else { return 1e300 }
      return -solved.1.logEvidence
    }
    var trouble: String?
    if case .notConverged(let reason) = result.status { trouble = "the search for the kernel: \(reason)" }
    if result.position.contains(where: { abs(tanh($0 / 2)) > 0.99 }) {
      trouble = "the likeliest kernel is more than 7 times away from the given one"
    }
    return (kernel(result.position), trouble)
  }
}
