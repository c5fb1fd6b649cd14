import NuTuneCore

extension Checklist {
  /// Checks that structure functions are finite and give the cross section.
  mutating func checkStructureFunctions(
    _ model: any StructureFunctionModel, _ reactions: [Reaction], _ points: SamplePoints
  ) {
    let areFinite: Void? = check("structure functions are finite") {
      for reaction in reactions {
        let invariants = Self.physicalInvariants(points, reaction)
        let functions = try model.structureFunctions(of: reaction, at: invariants)
        guard functions.w.count == 5 else {
          throw broken(found: "\(functions.w.count) structure functions", expected: "W₁…W₅")
        }
        for (index, values) in functions.w.enumerated() {
          try Batch.check(
            values, count: invariants.count, of: "W\(index + 1)",
            in: -.greatestFiniteMagnitude ... .greatestFiniteMagnitude, at: invariants.description(of:))
        }
      }
    }
    // The other checks need finite values.
    guard areFinite != nil else { return }
    checkPositivity(model, reactions, points)
    check("the cross section follows from the structure functions") {
      for reaction in reactions {
        let tensor = LeptonTensor(reaction.species)
        let inside = Self.physical(points, reaction)
        let invariants = inside.invariants(leptonMass: tensor.leptonMass)
        let functions = try model.structureFunctions(of: reaction, at: invariants)
        let expected = tensor.crossSection(of: functions, at: inside, invariants: invariants).map { max($0, 0) }
        let values = try model.crossSection(of: reaction, at: inside)
        let scale = expected.reduce(0) { max($0, $1) }
        for index in values.indices where !(abs(values[index] - expected[index]) <= 1e-9 * (expected[index] + scale)) {
          throw broken(
            found: "\(values[index]) at \(inside.description(of: index))",
            expected: "\(expected[index]), from W₁…W₅ and the lepton tensor")
        }
      }
    }
    check("a batch of structure functions is its points") {
      let reaction = reactions[0]
      let invariants = Self.physicalInvariants(points, reaction)
      let functions = try model.structureFunctions(of: reaction, at: invariants)
      for k in 0..<5 {
        try Batch.checkSingles(functions.w[k], at: invariants.description(of:)) { index in
          try model.structureFunctions(of: reaction, at: invariants.point(index)).w[k]
        }
      }
    }
  }

  /// Checks that a model with Gaussian weights describes its posterior consistently.
  mutating func checkGaussian(_ model: any GaussianModel, _ reaction: Reaction, _ points: SamplePoints) {
    let invariants = Self.physicalInvariants(points, reaction)
    check("the weights that data left open are described") {
      for (group, weights) in model.weightGroups.enumerated() {
        let factor = weights.factor
        guard factor.rows == factor.columns, factor.elements.allSatisfy(\.isFinite) else {
          throw broken(
            weights.name, found: "a factor of \(factor.rows) × \(factor.columns)",
            expected: "a square matrix of finite numbers")
        }
        // More weights would test nothing new, and take their time.
        let range = 0..<min(weights.count, 12)
        guard let whole = try model.basis(ofGroup: group, weights: range, reaction: reaction, at: invariants) else {
          continue
        }
        guard whole.count == range.count else {
          throw broken(weights.name, found: "\(whole.count) basis functions", expected: "\(range.count), one a weight")
        }
        for weight in range {
          let alone = try model.basis(
            ofGroup: group, weights: weight..<weight + 1, reaction: reaction, at: invariants)
          for k in 0..<5 {
            let values = whole[weight].w[k]
            try Batch.check(
              values, count: invariants.count, of: "W\(k + 1) of basis function \(weight)",
              in: -.greatestFiniteMagnitude ... .greatestFiniteMagnitude, at: invariants.description(of:))
            let scale = values.reduce(0) { max($0, abs($1)) }
            guard let single = alone?.first?.w[k],
              zip(single, values).allSatisfy({ abs($0 - $1) <= 1e-9 * scale })
            else {
              throw broken(
                weights.name, found: "basis function \(weight) alone unlike the one among others",
                expected: "the same function")
            }
          }
        }
      }
    }
  }

  /// Checks that a model with displaced weights changes as its basis functions say.
  mutating func checkDisplacement(_ model: any GaussianModel, _ reaction: Reaction, _ points: SamplePoints) {
    let invariants = Self.physicalInvariants(points, reaction)
    check("basis functions are derivatives with respect to the weights") {
      let center = try model.structureFunctions(of: reaction, at: invariants)
      for (group, weights) in model.weightGroups.enumerated() {
        let weight = weights.count / 2
        guard
          let slope = try model.basis(
            ofGroup: group, weights: weight..<weight + 1, reaction: reaction, at: invariants)?.first
        else { continue }
        let step = 1e-4
        let sides = try [step, -step].map { step in
          var change = model.weightGroups.map { [Double](repeating: 0, count: $0.count) }
          change[group][weight] = step
          return try model.displaced(by: change).structureFunctions(of: reaction, at: invariants)
        }
        for k in 0..<5 {
          let scale = center.w[k].reduce(0) { max($0, abs($1)) } + slope.w[k].reduce(0) { max($0, abs($1)) }
          for i in 0..<invariants.count {
            let difference = (sides[0].w[k][i] - sides[1].w[k][i]) / (2 * step)
            guard abs(difference - slope.w[k][i]) <= 1e-5 * scale else {
              throw broken(
                weights.name, found: "a slope of \(slope.w[k][i]) of W\(k + 1) at \(invariants.description(of: i))",
                expected: "\(difference), from the displaced model")
            }
          }
        }
      }
    }
  }

  /// Returns the points at which a lepton can be produced: ω > 0, Q² > 0, E_l > m.
  static func physical(_ points: SamplePoints, _ reaction: Reaction) -> KinematicPoints {
    let (all, mass) = (points.all, reaction.species.leptonMass)
    let invariants = all.invariants(leptonMass: mass)
    var inside = KinematicPoints()
    for i in 0..<all.count where invariants.omega[i] > 0 && invariants.q2[i] > 0 && all.leptonEnergy[i] > mass {
      inside.append(
        neutrinoEnergy: all.neutrinoEnergy[i], leptonEnergy: all.leptonEnergy[i], cosTheta: all.cosTheta[i])
    }
    return inside
  }

  /// Returns the invariants of the physical points, at which structure functions are evaluated.
  static func physicalInvariants(_ points: SamplePoints, _ reaction: Reaction) -> InvariantPoints {
    physical(points, reaction).invariants(leptonMass: reaction.species.leptonMass)
  }
}

extension InvariantPoints {
  /// Describes a point, for a sentence.
  func description(of index: Int) -> String { "(ω, Q²) = (\(omega[index]) GeV, \(q2[index]) GeV²)" }

  /// Returns a batch with one of the points.
  func point(_ index: Int) -> InvariantPoints { InvariantPoints(omega: [omega[index]], q2: [q2[index]]) }
}
