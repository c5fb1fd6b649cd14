extension ModelResults {
  private enum FormerKeys: String, CodingKey {
    case oscillationAtPosteriorMean = "oscillation_frozen"
  }

  /// Reads the results of a model; older versions wrote ``oscillationAtPosteriorMean`` under another key (`FormerKey`).
  ///
  /// - Parameter decoder: decoder of the file.
  public init(from decoder: any Decoder) throws {
    let values = try decoder.container(keyedBy: CodingKeys.self)
    let former = try decoder.container(keyedBy: FormerKeys.self)
    near = try values.decode(Near.self, forKey: .near)
    elsewhere = try values.decodeIfPresent(Near.self, forKey: .elsewhere)
    far = try values.decodeIfPresent(Far.self, forKey: .far)
    slices = try values.decode([Slice].self, forKey: .slices)
    support = try values.decodeIfPresent(Support.self, forKey: .support)
    training = try values.decodeIfPresent(Training.self, forKey: .training)
    oscillation = try values.decodeIfPresent(OscillationResults.self, forKey: .oscillation)
    oscillationAtPosteriorMean =
      try values.decodeIfPresent(OscillationResults.self, forKey: .oscillationAtPosteriorMean)
      ?? former.decodeIfPresent(OscillationResults.self, forKey: .oscillationAtPosteriorMean)
    oscillationCheck = try values.decodeIfPresent(MarginalFitCheck.self, forKey: .oscillationCheck)
    structureFunctions = try values.decodeIfPresent(StructureFunctionDeviations.self, forKey: .structureFunctions)
    warnings = try values.decodeIfPresent([String].self, forKey: .warnings)
  }
}
