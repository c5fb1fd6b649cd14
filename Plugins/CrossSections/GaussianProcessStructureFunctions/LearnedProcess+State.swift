import NuTuneCore
import NuTuneNumerics

extension LearnedProcess {
  /// Saves tensors and card of these neutrino signs and targets. Weights are stored as the sum of two single-precision numbers:
  /// quantities that the data determine to 10⁻⁵ result from cancelling numbers of order one.
  func state() -> ModelState {
    var packed: [Double] = []
    for i in 0..<factor.rows { packed += factor.row(i)[i...] }
    var card: [String: ParameterValue] = [
      "formula": .text(
        Self.formula + (parts[0].basis.parts.count > 1 ? Self.formulaOfSum : "")
          + (parts.count > 1 ? Self.formulaOfNuclei : "") + (response == nil ? "" : Self.responseFormula))
    ]
    for part in parts { card.merge(part.card) { $1 } }
    var tensors =
      parts.flatMap { Self.split($0.weights, name: "\($0.nucleus.name).weights") }
      + Self.split(packed, name: "\(name)\(Self.factorSuffix)")
    if let response {
      tensors += Self.split(response.weights.elements, name: "\(name).response.weights")
      card["\(name).response.names"] = .texts(response.names)
      card["\(name).response.numbers"] = .numbers(response.numbers.elements)
    }
    return ModelState(tensors: tensors, card: card)
  }

  /// Ends the name of the factor of a covariance.
  private static let factorSuffix = ".factor"

  /// What response parameters do to the weights, from a state; nil where none were fitted.
  private static func response(_ state: ModelState, name: String, weights: Int) throws -> ProcessResponse? {
    guard case .texts(let names) = state.card["\(name).response.names"] else { return nil }
    guard case .numbers(let numbers) = state.card["\(name).response.numbers"],
      numbers.count == names.count * names.count, !names.isEmpty,
      let changes = joined(state, name: "\(name).response.weights"), changes.count == weights * names.count
    else { throw incomplete }
    return ProcessResponse(
      names: names, numbers: try Matrix(rows: names.count, columns: names.count, elements: numbers),
      weights: try Matrix(rows: weights, columns: names.count, elements: changes))
  }

  private static let incomplete = NuTuneError(
    .badData, key: "gaussian-process-sf", found: "an incomplete state", expected: "the state of a tuned process")

  /// How a reader of the weights evaluates them.
  private static let formula =
    "W₋, W₊, W₀ = m_i exp(g_i) with m of the prior (½ without), g_j = Σ_k mixing_jk φ·η_k, φ(x) = L⁻¹k(Z, t) ⊗ "
    + "L⁻¹k(Z, u) at t = asinh((W²−M²)/0.25 GeV²), u = ln(Q²/GeV² + 0.03), Z as in axis_w2 and axis_q2 (first, step, "
    + "count, length); η = weights + weights.remainder, shape [functions][t][u]; the covariance of η is F Fᵀ, F = "
    + "factor + factor.remainder, upper triangular by rows; W₁ = W₋ + W₊, W₂ = (W₁ + W₀) Q²/|q|², W₃ = (W₋ − W₊) "
    + "2M/|q|"

  /// How a reader of the weights moves them with numbers of the response that were fitted.
  private static let responseFormula =
    "; numbers of the response n = n̂ + L z go with a change F Y z of η, L = response.numbers by rows, Y = "
    + "response.weights + response.weights.remainder, shape [weights][numbers]"

  /// What the formula says beside of a sum of kernels.
  private static let formulaOfSum =
    "; kernels are added: g_j is the sum over them, each with the axes of its number, weights in the order "
    + "[kernels][functions][t][u]"

  /// What the formula says beside of nuclei that were learned together.
  private static let formulaOfNuclei =
    "; nuclei whose names are joined by + have one covariance, of the weights of one after the other"

  /// Restores the processes of a state, in the order of a tuning.
  static func all(in state: ModelState) throws -> [LearnedProcess] {
    let suffix = ".kernel"
    var rest = LearnedNucleus.all(
      named: state.card.keys.filter { $0.hasSuffix(suffix) }.map { String($0.dropLast(suffix.count)) })
    let together = state.tensors.map(\.name).filter { $0.hasSuffix(factorSuffix) }.map { name in
      name.dropLast(factorSuffix.count).split(separator: "+").map { LearnedNucleus(named: String($0)) }
    }
    var processes: [LearnedProcess] = []
    while let first = rest.first {
      let nuclei = together.first { $0.contains(first) && !$0.contains(nil) }?.compactMap { $0 } ?? [first]
      processes.append(try LearnedProcess(state, nuclei: nuclei))
      rest.removeAll(where: nuclei.contains)
    }
    return processes
  }

  /// Restores the process of some nuclei from ``state()``.
  private init(_ state: ModelState, nuclei: [LearnedNucleus]) throws {
    let parts = try nuclei.map { try Self.part(state, nucleus: $0) }
    let (name, count) = (Self.name(of: nuclei), parts.reduce(0) { $0 + $1.weights.count })
    guard let packed = Self.joined(state, name: "\(name)\(Self.factorSuffix)"), packed.count == count * (count + 1) / 2
    else { throw Self.incomplete }
    var factor = Matrix(rows: count, columns: count)
    var offset = 0
    for i in 0..<count {
      for j in i..<count {
        factor[i, j] = packed[offset]
        offset += 1
      }
    }
    self.init(parts: parts, factor: factor, response: try Self.response(state, name: name, weights: count))
  }

  /// Reads the modulations of a nucleus.
  private static func part(_ state: ModelState, nucleus: LearnedNucleus) throws -> LearnedModulations {
    let name = nucleus.name
    let saved = (0...).prefix { state.card["\(name).kernel\(LearnedModulations.suffix(ofKernel: $0))"] != nil }
    let kernels = saved.compactMap { kernel(state, named: name, suffix: LearnedModulations.suffix(ofKernel: $0)) }
    guard !saved.isEmpty, kernels.count == saved.count,
      case .boolean(let separates) = state.card["\(name).separates_mass_terms"],
      let mean = joined(state, name: "\(name).weights"),
      mean.count == kernels.reduce(0, { $0 + (separates ? 5 : 3) * $1.t.count * $1.u.count })
    else { throw incomplete }
    return LearnedModulations(
      nucleus: nucleus, separatesMassTerms: separates,
      basis: try ProcessBasis(
        try kernels.map { ($0.kernel, try KernelBasis(t: $0.t, u: $0.u)) }, functions: separates ? 5 : 3),
      weights: mean)
  }

  /// Reads one kernel of a state with the points of its basis; nil where a part is missing.
  private static func kernel(_ state: ModelState, named name: String, suffix: String)
    -> (kernel: Settings.Kernel, t: KernelBasis.Axis, u: KernelBasis.Axis)?
  {
    guard case .numbers(let kernel) = state.card["\(name).kernel\(suffix)"], (4...5).contains(kernel.count),
      let t = KernelBasis.Axis(saved: state.card["\(name).axis_w2\(suffix)"]),
      let u = KernelBasis.Axis(saved: state.card["\(name).axis_q2\(suffix)"])
    else { return nil }
    return (
      Settings.Kernel(
        tLength: kernel[0], uLength: kernel[1], amplitude: kernel[2], correlation: kernel[3],
        massAmplitude: kernel.count > 4 ? kernel[4] : nil), t, u
    )
  }

  private static func split(_ values: [Double], name: String) -> [ModelState.Tensor] {
    let high = values.map { Float($0) }
    let low = zip(values, high).map { Float($0 - Double($1)) }
    return [
      ModelState.Tensor(name: name, shape: [values.count], elements: high),
      ModelState.Tensor(name: "\(name).remainder", shape: [values.count], elements: low),
    ]
  }

  private static func joined(_ state: ModelState, name: String) -> [Double]? {
    guard let high = state.tensors.first(where: { $0.name == name }),
      let low = state.tensors.first(where: { $0.name == "\(name).remainder" }),
      high.elements.count == low.elements.count
    else { return nil }
    return zip(high.elements, low.elements).map { Double($0) + Double($1) }
  }
}

extension LearnedModulations {
  /// Ends the names of what belongs to one of several kernels; the first has none, as the only one of a process.
  fileprivate static func suffix(ofKernel index: Int) -> String { index == 0 ? "" : ".\(index + 1)" }

  /// What a state says of the basis.
  fileprivate var card: [String: ParameterValue] {
    let name = nucleus.name
    var card: [String: ParameterValue] = ["\(name).separates_mass_terms": .boolean(separatesMassTerms)]
    for (index, part) in basis.parts.enumerated() {
      let (kernel, suffix) = (part.kernel, Self.suffix(ofKernel: index))
      card["\(name).axis_w2\(suffix)"] = part.basis.t.saved
      card["\(name).axis_q2\(suffix)"] = part.basis.u.saved
      card["\(name).kernel\(suffix)"] = .numbers(
        [kernel.tLength, kernel.uLength, kernel.amplitude, kernel.correlation]
          + (kernel.massAmplitude.map { [$0] } ?? []))
    }
    return card
  }
}

extension KernelBasis.Axis {
  /// First, step, count and length.
  fileprivate var saved: ParameterValue { .numbers([first, step, Double(count), length]) }

  /// Restores an axis from ``saved``; nil if the value is none.
  fileprivate init?(saved: ParameterValue?) {
    guard case .numbers(let numbers) = saved, numbers.count == 4, (2...10_000).contains(numbers[2]) else { return nil }
    self.init(first: numbers[0], step: numbers[1], count: Int(numbers[2]), length: numbers[3])
  }
}
