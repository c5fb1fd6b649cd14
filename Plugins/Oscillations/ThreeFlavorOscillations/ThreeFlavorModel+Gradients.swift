import CKernels
import NuTuneCore

extension ThreeFlavorModel {
  /// Computes probabilities and their analytic derivatives, shape [parameters][9][energies].
  ///
  /// Derivatives are per unit of sin²θ, per radian and per eV². With `dm2_32` among the parameters, the derivative with
  /// respect to `dm2_21` holds Δm²₃₂ fixed, otherwise Δm²₃₁, as ``MixingParameters/setting(_:)`` does.
  ///
  /// Where sin²θ is exactly 0 or 1, amplitudes grow as the square root of the distance from there, so that the
  /// derivative with respect to it may be infinite; it is a one-sided finite difference instead.
  ///
  /// The six derivatives cost about twice what the probabilities cost in matter, 2.5 times in vacuum.
  public func probabilityGradients(
    of parameters: [String], at energies: [Double], over baseline: Baseline, helicity: Helicity
  ) throws -> OscillationGradients {
    try check(energies, baseline)
    let count = energies.count
    let slots = try slots(of: parameters)
    var coefficients = coefficients(over: baseline, helicity: helicity)
    var slopes = nutune_oscillation_prepare_slopes(
      [mixing.sin2Theta12, mixing.sin2Theta13, mixing.sin2Theta23], mixing.deltaCP, mixing.deltaMassSquared21,
      mixing.deltaMassSquared31, helicity == .antineutrino ? 1 : 0, parameters.contains("dm2_32") ? 1 : 0)
    let compute = Self.isVacuum(baseline) ? nutune_oscillation_vacuum_gradients : nutune_oscillation_matter_gradients
    var deviation = 0.0
    var probabilities: [Double] = []
    var values = [Double](unsafeUninitializedCapacity: parameters.count * 9 * count) { buffer, initialized in
      var targets = [UnsafeMutablePointer<Double>?](repeating: nil, count: NUTUNE_OSCILLATION_PARAMETERS)
      for (position, slot) in slots.enumerated() {
        targets[slot] = buffer.baseAddress.map { $0 + position * 9 * count }
      }
      probabilities = [Double](unsafeUninitializedCapacity: 9 * count) { rows, initialized in
        if let start = rows.baseAddress, count > 0 {
          deviation = compute(&coefficients, &slopes, energies, count, start, targets, count)
        }
        initialized = 9 * count
      }
      initialized = parameters.count * 9 * count
    }
    try Self.check(deviation: deviation)
    for (position, name) in parameters.enumerated() where try isAtEnd(name) {
      let differences = try finiteDifferenceGradients(of: [name], at: energies, over: baseline, helicity: helicity)
      values.replaceSubrange(position * 9 * count..<(position + 1) * 9 * count, with: differences.values)
    }
    return OscillationGradients(
      probabilities: OscillationProbabilities(count: count, values: probabilities), parameters: parameters,
      values: values)
  }

  /// Positions of parameters in the kernel's order; Δm²₃₁ and Δm²₃₂ are the same one. Throws for unknown or repeated
  /// names and for both splittings.
  private func slots(of parameters: [String]) throws -> [Int] {
    var slots: [Int] = []
    for name in parameters {
      _ = try mixing.value(of: name)
      let index = MixingParameters.names.firstIndex(of: name) ?? 0
      let slot = min(index, NUTUNE_OSCILLATION_PARAMETERS - 1)
      guard !slots.contains(slot) else {
        if parameters.contains("dm2_31"), parameters.contains("dm2_32") { throw MixingParameters.bothSplittings() }
        throw NuTuneError(.badData, key: name, found: "\(name) twice", expected: "every parameter once")
      }
      slots.append(slot)
    }
    return slots
  }

  /// Whether a parameter is a sin²θ of exactly 0 or 1.
  private func isAtEnd(_ name: String) throws -> Bool {
    let value = try mixing.value(of: name)
    return name.hasPrefix("sin2_") && (value == 0 || value == 1)
  }
}
