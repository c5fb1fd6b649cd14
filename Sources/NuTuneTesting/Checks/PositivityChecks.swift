import NuTuneCore

extension Checklist {
  /// Largest violation of a bound that rounding explains, as a share of the terms.
  private static let positivityRounding = 1e-6
  /// Largest violation that gives only a warning, as a share of the terms.
  private static let slightViolation = 0.01
  /// Points whose cross section, with all its terms taken as positive, is less than this of the largest are skipped.
  private static let negligibleTerms = 1e-6
  /// Violations of less than this of the largest cross section give only a warning, however large they are relative to
  /// the cross section there.
  private static let negligibleMiss = 1e-6

  /// Checks that the hadron tensor is positive, and with it the cross section, before
  /// ``CrossSectionModel/crossSection(of:at:)`` clips anything at zero. Models that are learned and linear in their
  /// weights may violate that, and get a warning.
  mutating func checkPositivity(
    _ model: any StructureFunctionModel, _ reactions: [Reaction], _ points: SamplePoints
  ) {
    check("the hadron tensor is positive") {
      try Self.judge(model, reactions, points) { tensor, functions, inside, invariants in
        functions.positivity(at: invariants).enumerated().map { index, positivity in
          let place = invariants.description(of: index)
          let sentence: String
          if positivity.transverse < 0 {
            sentence = "W₁ = \(positivity.transverse) at \(place)"
          } else if positivity.longitudinal < 0, -positivity.longitudinal >= positivity.violation * positivity.size {
            sentence =
              "W_L = (1+ω²/Q²)W₂ − W₁ = \(positivity.longitudinal) beside W₁ = \(positivity.transverse) at \(place)"
          } else {
            sentence = "|W₃||q|/2M = \(positivity.parityViolating) beside W₁ = \(positivity.transverse) at \(place)"
          }
          return (positivity.violation, sentence)
        }
      } expected: {
        "W₁ ≥ 0, W_L ≥ 0 and |W₃||q|/2M ≤ W₁"
      }
    }
    check("the cross section is positive before it is held at zero") {
      try Self.judge(model, reactions, points) { tensor, functions, inside, invariants in
        let values = tensor.crossSection(of: functions, at: inside, invariants: invariants)
        let terms = Self.terms(tensor, functions, inside, invariants)
        return values.indices.map { index in
          (
            terms[index] > 0 ? max(-values[index], 0) / terms[index] : 0,
            "\(values[index]) from W₁…W₅ at \(inside.description(of: index))"
          )
        }
      } expected: {
        "a number ≥ 0 without being held there"
      }
    }
  }

  /// Fails when a bound is violated; warns when it is violated slightly or by a model that cannot avoid it.
  private static func judge(
    _ model: any StructureFunctionModel, _ reactions: [Reaction], _ points: SamplePoints,
    _ violations: (LeptonTensor, StructureFunctions, KinematicPoints, InvariantPoints) -> [(Double, String)],
    expected: () -> String
  ) throws {
    var worst = (violation: 0.0, sentence: "")
    var isSlight = true
    for reaction in reactions {
      let tensor = LeptonTensor(reaction.species)
      let inside = physical(points, reaction)
      let invariants = inside.invariants(leptonMass: tensor.leptonMass)
      let functions = try model.structureFunctions(of: reaction, at: invariants)
      let terms = terms(tensor, functions, inside, invariants)
      let largest = terms.max() ?? 0
      for (index, (violation, sentence)) in violations(tensor, functions, inside, invariants).enumerated()
      where terms[index] > negligibleTerms * largest {
        let matters = violation > slightViolation && violation * terms[index] > negligibleMiss * largest
        guard matters == !isSlight ? violation > worst.violation : matters else { continue }
        isSlight = !matters
        worst = (violation, "\(sentence), \(reaction.species.rawValue) on \(reaction.target.name)")
      }
    }
    guard worst.violation > positivityRounding else { return }
    guard !isSlight, !(model is any GaussianModel) else {
      throw Warning(sentence: "found \(worst.sentence); expected \(expected())")
    }
    throw broken(found: worst.sentence, expected: expected())
  }

  /// Computes the terms of d²σ in W₁…W₅ at every point, each taken as positive.
  private static func terms(
    _ tensor: LeptonTensor, _ functions: StructureFunctions, _ points: KinematicPoints, _ invariants: InvariantPoints
  ) -> [Double] {
    var sum = [Double](repeating: 0, count: points.count)
    for k in 0..<5 {
      var single = StructureFunctions(count: points.count)
      single.w[k] = functions.w[k]
      for (index, value) in tensor.crossSection(of: single, at: points, invariants: invariants).enumerated() {
        sum[index] += abs(value)
      }
    }
    return sum
  }
}
