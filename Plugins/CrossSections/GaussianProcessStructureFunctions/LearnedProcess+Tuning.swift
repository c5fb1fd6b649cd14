import Foundation
import NuTuneCore
import NuTuneNumerics

extension LearnedProcess {
  /// The process at the end of a search, with the covariance of its weights.
  ///
  /// - Parameter response: response parameters that were fitted with it; nil for none.
  init(_ found: Found, response: FittedResponse? = nil) throws {
    let covariance = try found.search.covariance(response)
    self.init(parts: found.parts, factor: covariance.factor, search: found.search.outcome)
    self.response = covariance.response
    if let trouble = found.trouble { self.search?.trouble = trouble }
    self.search?.effectiveParameters = covariance.parameters
    self.search?.logEvidence = covariance.logEvidence
  }

  /// The most probable weights of a process, its covariance still missing.
  struct Found {
    let search: ModeSearch
    /// Of each nucleus, whether W₄ and W₅ have modulations of their own.
    let nuclei: [(nucleus: LearnedNucleus, separatesMassTerms: Bool)]
    /// Why the search for a kernel failed; nil if it did not.
    let trouble: String?

    /// Modulations of each nucleus.
    var parts: [LearnedModulations] {
      zip(nuclei, zip(search.basis.bases, search.basis.weights)).map { own, place in
        LearnedModulations(
          nucleus: own.nucleus, separatesMassTerms: own.separatesMassTerms, basis: place.0,
          weights: Array(search.weights[place.1]))
      }
    }

    /// A process from which a search continues, weights moved.
    func start(movedBy change: [Double]) -> LearnedProcess {
      LearnedProcess(parts: parts, factor: Matrix(rows: 0, columns: 0)).moved(by: change)
    }
  }

  /// Finds the most probable weights.
  ///
  /// - Parameters:
  ///   - nuclei: neutrino signs and targets whose sums the samples are; one alone where samples are pure.
  ///   - samples: near data of these.
  ///   - nodes: of the fold.
  ///   - prior: what modulations multiply; nil for smoothness alone.
  ///   - settings: the settings of the model.
  ///   - start: a process tuned on the same nodes, from whose weights the search continues; nil starts from the prior.
  ///   - keepsKernel: whether the kernel is that of the start, whatever the settings say.
  ///   - slopes: for each sample the operators of the derivatives with respect to response parameters; empty for none.
  ///   - threads: number of threads.
  ///   - progress: called with the number of kernels that were judged.
  static func found(
    nuclei: [LearnedNucleus], samples: [TuningSample], nodes: InvariantPoints, prior: (any StructureFunctionModel)?,
    settings: Settings, start: LearnedProcess?, keepsKernel: Bool = false, slopes: [[any NodeOperator]] = [],
    threads: Int, progress: (Int) -> Void
  ) throws -> Found {
    let reactions = samples.flatMap { $0.components.map(\.reaction) }
    let nuclei = nuclei.map { nucleus in
      (nucleus: nucleus, separatesMassTerms: settings.separatesMassTerms(seenBy: reactions.filter(nucleus.serves)))
    }
    let theories = nuclei.map { nucleus, separates in
      (
        nucleus: nucleus,
        theory: PositiveTheory(
          prior: prior, separatesMassTerms: separates, massFunctions: settings.massFunctions)
      )
    }
    var design = try NearDesign(
      samples, of: theories, nodes: nodes, infiniteEvents: settings.infiniteEvents, threads: threads)
    if !slopes.isEmpty { design = design.followingResponse(slopes) }
    if keepsKernel, let start {
      let search = try ModeSearch(
        design, kernels: start.parts[0].basis.kernels, spacing: settings.spacing, start: start, starts: settings.starts)
      return Found(search: search, nuclei: nuclei, trouble: nil)
    }
    let (search, trouble) = try Self.search(design, settings, start: start, progress: progress)
    return Found(search: search, nuclei: nuclei, trouble: trouble)
  }
}

extension LearnedProcess {
  /// Finds the most probable weights, and the kernel first where the settings ask for it.
  private static func search(
    _ design: NearDesign, _ settings: Settings, start: LearnedProcess?, progress: (Int) -> Void
  ) throws -> (search: ModeSearch, trouble: String?) {
    func search(_ kernels: [Settings.Kernel], start: LearnedProcess? = nil, starts: Int) throws -> ModeSearch {
      try ModeSearch(design, kernels: kernels, spacing: settings.spacing, start: start, starts: starts)
    }
    switch settings.choice {
    case .fixed: return (try search(settings.kernels, start: start, starts: settings.starts), nil)
    case .marginalLikelihood:
      let found = try LikeliestKernel(
        try search(settings.kernels, start: start, starts: settings.starts), settings: settings, progress: progress)
      return (try search(found.kernels, starts: settings.starts), found.trouble)
    case .grid:
      var best: (kernels: [Settings.Kernel], evidence: Double)?
      for (index, kernels) in settings.candidates.enumerated() {
        let evidence = try search(kernels, starts: 1).logEvidence()
        progress(index + 1)
        if evidence > best?.evidence ?? -.infinity { best = (kernels, evidence) }
      }
      guard let best else {
        throw NuTuneError(
          .runtime, key: "kernel.choice", found: "no kernel with a finite evidence", expected: "at least one")
      }
      return (try search(best.kernels, start: start, starts: settings.starts), nil)
    }
  }
}

/// The kernel of the largest marginal likelihood, searched by a simplex from the given one. Lengths and amplitudes of all
/// kernels of a sum change by the same factors.
private struct LikeliestKernel {
  let kernels: [Settings.Kernel]
  /// Why the search failed; nil if it succeeded.
  let trouble: String?

  /// Judges every kernel by the model that is linear around the most probable weights of the given one.
  init(_ search: ModeSearch, settings: Settings, progress: (Int) -> Void) throws {
    let largest = settings.largestAmplitude(hasTerms: search.design.hasTerms)
    func kernels(_ x: [Double]) -> [Settings.Kernel] {
      // Bounded steps: no evaluation may need a basis of a million functions.
      let scale = x.map { exp(2 * tanh($0 / 2)) }
      return settings.kernels.map { start in
        Settings.Kernel(
          tLength: start.tLength * scale[0], uLength: start.uLength * scale[1],
          amplitude: min(start.amplitude * scale[2], largest),
          correlation: start.correlation, massAmplitude: start.massAmplitude.map { $0 * scale[2] })
      }
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
        of: kernels(x), spacing: settings.spacing, around: modulations, pseudoData: data)
      return found.map { -$0 } ?? 1e300
    }
    var trouble: String?
    if case .notConverged(let reason) = result.status { trouble = "the search for the kernel: \(reason)" }
    if result.position.contains(where: { abs(tanh($0 / 2)) > 0.99 }) {
      trouble = "the likeliest kernel is more than 7 times away from the given one"
    }
    (self.kernels, self.trouble) = (kernels(result.position), trouble)
  }
}
