import NuTuneCore

extension Checklist {
  /// Checks the promises of a cross-section model; one that has to be tuned is tuned first.
  mutating func checkCrossSection(_ model: any CrossSectionModel, _ subject: Subject) {
    let served = check("serves a reaction") { try Self.servedReactions(of: model) }
    guard let served, let reaction = served.first else { return }
    if let tunable = model as? any TunableModel {
      checkParameters(subject, output: nil)
      checkTuning(tunable, reaction)
      return
    }
    let points = SamplePoints(in: model.energyRange)
    checkValues(of: model, reactions: served, points)
    checkParameters(subject) { plugin in
      guard let model = plugin as? any CrossSectionModel else { return [] }
      return try served.flatMap { try Self.crossSection(of: model, $0, points) }
    }
    check("runs in a study") {
      if let range = model.energyRange, !range.overlaps(1.0...2.0) { throw Skip(reason: "it serves \(range) GeV") }
      _ = try TinyStudy(reaction: reaction, truth: model).run(model)
    }
  }

  /// Checks the promises of a model that can be evaluated.
  mutating func checkValues(of model: any CrossSectionModel, reactions: [Reaction], _ points: SamplePoints) {
    let reaction = reactions[0]
    let batch = points.all
    let values = check("finite and never negative") {
      for other in reactions.dropFirst() { _ = try Self.crossSection(of: model, other, points) }
      return try Self.crossSection(of: model, reaction, points)
    }
    guard let values else { return }
    check("zero where no lepton can be made") {
      for reaction in reactions {
        let values = try model.crossSection(of: reaction, at: batch)
        let mass = reaction.species.leptonMass
        for index in values.indices where values[index] != 0 {
          guard batch.leptonEnergy[index] > mass, batch.leptonEnergy[index] <= batch.neutrinoEnergy[index] else {
            throw broken(
              found: "\(values[index]) for \(reaction.species.rawValue) at \(batch.description(of: index))",
              expected: "0 outside m < E_l < E_ν")
          }
        }
      }
    }
    check("not zero everywhere") {
      guard values.contains(where: { $0 > 0 }) else {
        throw broken(found: "0 at all \(values.count) points", expected: "a cross section somewhere")
      }
    }
    check("a batch is its points") {
      try Batch.checkSingles(values, at: batch.description(of:)) { index in
        try model.crossSection(of: reaction, at: batch.point(index))
      }
      guard try model.crossSection(of: reaction, at: KinematicPoints()).isEmpty else {
        throw broken(found: "values for an empty batch", expected: "none")
      }
    }
    check("threads agree") {
      try Batch.checkThreads(values) { try model.crossSection(of: reaction, at: batch) }
    }
    if let range = model.energyRange {
      check("refuses energies it does not serve") {
        let outside = KinematicPoints(
          neutrinoEnergy: [range.upperBound * 1.01 + 0.01], leptonEnergy: [range.upperBound / 2], cosTheta: [0.9])
        try checkRefused("an energy above \(range.upperBound) GeV") {
          try model.crossSection(of: reaction, at: outside)
        }
      }
    }
    if let linear = model as? any StructureFunctionModel { checkStructureFunctions(linear, reactions, points) }
    if let gaussian = model as? any GaussianModel {
      checkGaussian(gaussian, reaction, points)
      checkDisplacement(gaussian, reaction, points)
    }
  }

  /// Returns the reactions of the usual targets for which the model has a cross section.
  private static func servedReactions(of model: any CrossSectionModel) throws -> [Reaction] {
    let all = try ["Ar40", "C12", "H2O", "CH", "O16", "Fe56", "Pb208", "H1"].flatMap { name in
      try NeutrinoSpecies.allCases.map { Reaction(species: $0, target: try Target(named: name)) }
    }
    var served: [Reaction] = []
    var refusal: NuTuneErrors?
    for reaction in all where served.count < 6 {
      do {
        try model.check([reaction])
        served.append(reaction)
      } catch {
        var problems = NuTuneErrors()
        problems.add(error)
        refusal = refusal ?? problems
      }
    }
    guard !served.isEmpty else {
      throw broken(
        found: "no reaction that it serves (\(refusal?.description ?? ""))",
        expected: "at least one of \(all.count) channels and targets")
    }
    return served
  }

  private static func crossSection(of model: any CrossSectionModel, _ reaction: Reaction, _ points: SamplePoints) throws
    -> [Double]
  {
    let values = try model.crossSection(of: reaction, at: points.all)
    try Batch.check(
      values, count: points.all.count, of: "d²σ of \(reaction.species.rawValue) on \(reaction.target.name)",
      in: 0 ... .greatestFiniteMagnitude, at: points.all.description(of:))
    return values
  }
}

extension KinematicPoints {
  /// Describes a point, for a sentence.
  func description(of index: Int) -> String {
    "(E_ν, E_l, cosθ) = (\(neutrinoEnergy[index]) GeV, \(leptonEnergy[index]) GeV, \(cosTheta[index]))"
  }

  /// Returns a batch with one of the points.
  func point(_ index: Int) -> KinematicPoints {
    KinematicPoints(
      neutrinoEnergy: [neutrinoEnergy[index]], leptonEnergy: [leptonEnergy[index]], cosTheta: [cosTheta[index]])
  }
}
