import Foundation
import NuTuneCore
import NuTuneNumerics

extension LearnedProcess {
  /// Tunes the process to the samples of one neutrino sign and target.
  ///
  /// - Parameter start: a process tuned on the same nodes, from whose weights the search continues; nil starts from the
  ///   prior.
  init(
    nucleus: LearnedNucleus, samples: [TuningSample], nodes: InvariantPoints, prior: (any StructureFunctionModel)?,
    settings: Settings, start: LearnedProcess?, threads: Int, progress: (Int) -> Void
  ) throws {
    let separates =
      switch settings.functions {
      case .automatic: Set(samples.map(\.sample.reaction.species.flavor)).count > 1
      case .three: false
      case .five: true
      }
    let design = try NearDesign(
      samples, nodes: nodes,
      theory: PositiveTheory(
        prior: prior, separatesMassTerms: separates, massFunctions: settings.massFunctions),
      infiniteEvents: settings.infiniteEvents, threads: threads)
    let (search, trouble) = try Self.search(design, settings, start: start, progress: progress)
    let covariance = try search.covariance()
    self.init(
      nucleus: nucleus, separatesMassTerms: separates, kernel: search.kernel, basis: search.basis,
      weights: search.weights, factor: covariance.factor, search: search.outcome)
    if let trouble { self.search?.trouble = trouble }
    self.search?.effectiveParameters = covariance.parameters
    self.search?.logEvidence = covariance.logEvidence
  }
}

extension LearnedProcess {
  /// Finds the most probable weights, and the kernel first where the settings ask for it.
  private static func search(
    _ design: NearDesign, _ settings: Settings, start: LearnedProcess?, progress: (Int) -> Void
  ) throws -> (search: ModeSearch, trouble: String?) {
    func search(_ kernel: Settings.Kernel, start: LearnedProcess? = nil, starts: Int) throws -> ModeSearch {
      try ModeSearch(design, kernel: kernel, spacing: settings.spacing, start: start, starts: starts)
    }
    switch settings.choice {
    case .fixed: return (try search(settings.kernel, start: start, starts: settings.starts), nil)
    case .marginalLikelihood:
      let found = try LikeliestKernel(
        try search(settings.kernel, start: start, starts: settings.starts), settings: settings, progress: progress)
      return (try search(found.kernel, starts: settings.starts), found.trouble)
    case .grid:
      var best: (kernel: Settings.Kernel, evidence: Double)?
      for (index, kernel) in settings.kernels.enumerated() {
        let evidence = try search(kernel, starts: 1).logEvidence()
        progress(index + 1)
        if evidence > best?.evidence ?? -.infinity { best = (kernel, evidence) }
      }
      guard let best else {
        throw NuTuneError(
          .runtime, key: "kernel.choice", found: "no kernel with a finite evidence", expected: "at least one")
      }
      return (try search(best.kernel, start: start, starts: settings.starts), nil)
    }
  }
}

/// The kernel of the largest marginal likelihood, searched by a simplex from the given one.
private struct LikeliestKernel {
  let kernel: Settings.Kernel
  /// Why the search failed; nil if it succeeded.
  let trouble: String?

  /// Judges every kernel by the model that is linear around the most probable weights of the given one.
  init(_ search: ModeSearch, settings: Settings, progress: (Int) -> Void) throws {
    let largest = settings.largestAmplitude(hasTerms: search.design.hasTerms)
    func kernel(_ x: [Double]) -> Settings.Kernel {
      let start = settings.kernel
      // Bounded steps: no evaluation may need a basis of a million functions.
      let scale = x.map { exp(2 * tanh($0 / 2)) }
      return Settings.Kernel(
        tLength: start.tLength * scale[0], uLength: start.uLength * scale[1],
        amplitude: min(start.amplitude * scale[2], largest),
        correlation: start.correlation, massAmplitude: start.massAmplitude.map { $0 * scale[2] })
    }
    let (modulations, data) = try search.pseudoData()
    var evaluations = 0
    let result = try Minimizer.nelderMead(
      from: [0, 0, 0], steps: [0.3, 0.3, 0.3], sizeTolerance: 0.03, maximumIterations: 60
    ) { x in
      evaluations += 1
      progress(evaluations)
      // A kernel without solution counts as unlikely.
      let found = try? search.logEvidence(
        of: kernel(x), spacing: settings.spacing, around: modulations, pseudoData: data)
      return found.map { -$0 } ?? 1e300
    }
    var trouble: String?
    if case .notConverged(let reason) = result.status { trouble = "the search for the kernel: \(reason)" }
    if result.position.contains(where: { abs(tanh($0 / 2)) > 0.99 }) {
      trouble = "the likeliest kernel is more than 7 times away from the given one"
    }
    (self.kernel, self.trouble) = (kernel(result.position), trouble)
  }
}
