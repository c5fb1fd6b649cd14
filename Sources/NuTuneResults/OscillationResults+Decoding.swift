extension OscillationResults {
  private enum FormerKeys: String, CodingKey {
    case nearestMinimum = "compared_fit"
  }

  /// Reads a fit; older versions wrote ``nearestMinimum`` under another key (`FormerKey`).
  ///
  /// - Parameter decoder: decoder of the file.
  public init(from decoder: any Decoder) throws {
    let values = try decoder.container(keyedBy: CodingKeys.self)
    let former = try decoder.container(keyedBy: FormerKeys.self)
    converged = try values.decode(Bool.self, forKey: .converged)
    verdict = try values.decode(String.self, forKey: .verdict)
    parameters = try values.decode([String].self, forKey: .parameters)
    bestFit = try values.decode([String: Double].self, forKey: .bestFit)
    nearestMinimum =
      try values.decodeIfPresent([String: Double].self, forKey: .nearestMinimum)
      ?? former.decodeIfPresent([String: Double].self, forKey: .nearestMinimum)
      ?? values.decode([String: Double].self, forKey: .nearestMinimum)
    errors = try values.decode([String: Double].self, forKey: .errors)
    correlation = try values.decode(Double.self, forKey: .correlation)
    correlations = try values.decodeIfPresent([[Double?]].self, forKey: .correlations)
    hypotheses = try values.decodeIfPresent([String: [String: Hypothesis]].self, forKey: .hypotheses)
    priors = try values.decodeIfPresent([String: [Double]].self, forKey: .priors)
    intervals = try values.decode([String: Interval].self, forKey: .intervals)
    minima = try values.decode([Minimum].self, forKey: .minima)
    contours = try values.decode([String: Contour].self, forKey: .contours)
    biasSigma = try values.decodeIfPresent([String: Double].self, forKey: .biasSigma)
    sigmaStat = try values.decodeIfPresent([String: Double].self, forKey: .sigmaStat)
    overlap1Sigma = try values.decodeIfPresent(Double.self, forKey: .overlap1Sigma)
    pulls = try values.decodeIfPresent([String: Double].self, forKey: .pulls)
    scales = try values.decodeIfPresent([String: Double].self, forKey: .scales)
    profiles = try values.decodeIfPresent([String: Profile].self, forKey: .profiles)
    pairContours = try values.decodeIfPresent([String: [String: Contour]].self, forKey: .pairContours)
    remarks = try values.decodeIfPresent([String].self, forKey: .remarks)
    feldmanCousins = try values.decodeIfPresent([String: FeldmanCousinsRegion].self, forKey: .feldmanCousins)
  }
}
