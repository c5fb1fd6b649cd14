extension PositiveHead {
  /// Adds what W₄ and W₅ change of (a, b, c) beside their fixed values, from activated outputs.
  func addMassTerms<Scalar: HeadScalar>(
    of outputs: NodeArray<Scalar>, _ coefficients: NodeCoefficients<Scalar>, into values: NodeArray<Scalar>
  ) {
    let (first, second, fourth, fifth) = (outputs[0], outputs[1], outputs[3], outputs[4])
    let (b, c) = (values[1], values[2])
    let (bFive, cFour, reduction) = (coefficients.bFive, coefficients.cFour, coefficients.reduction)
    for i in first.indices {
      let sum = sum(first[i], second[i])
      b[i] += bFive[i] * sum * fifth[i]
      c[i] += cFour[i] * sum * (1 - reduction[i] * fifth[i]) * fourth[i]
    }
  }

  /// Adds the gradient of ``addMassTerms(of:_:into:)`` with respect to the net's outputs, given the gradient with
  /// respect to (a, b, c).
  func addMassGradient<Scalar: HeadScalar>(
    by valueGradient: NodeArray<Scalar>, outputs: NodeArray<Scalar>, slopes: NodeArray<Scalar>,
    _ coefficients: NodeCoefficients<Scalar>, into gradient: NodeArray<Scalar>
  ) {
    let (first, second, fourth, fifth) = (outputs[0], outputs[1], outputs[3], outputs[4])
    let (byB, byC) = (valueGradient[1], valueGradient[2])
    let (onFirst, onSecond, onFourth, onFifth) = (gradient[0], gradient[1], gradient[3], gradient[4])
    let (fourthSlope, fifthSlope) = (slopes[1], slopes[2])
    let (bFive, cFour, reduction) = (coefficients.bFive, coefficients.cFour, coefficients.reduction)
    for i in first.indices {
      let transverse = first[i]
      let sum = sum(transverse, second[i])
      let five = bFive[i] * byB[i]
      let four = cFour[i] * byC[i]
      let remaining = 1 - reduction[i] * fifth[i]
      let bySum = five * fifth[i] + four * remaining * fourth[i]
      switch longitudinal {
      case .independent:
        onFirst[i] += bySum * transverse
        onSecond[i] += bySum * second[i]
      case .ratio:
        onFirst[i] += bySum * sum
        onSecond[i] += bySum * transverse * second[i]
      case .total:
        onSecond[i] += bySum * second[i]
      }
      onFourth[i] += four * sum * remaining * fourthSlope[i]
      onFifth[i] += (five - four * reduction[i] * fourth[i]) * sum * fifthSlope[i]
    }
  }
}
