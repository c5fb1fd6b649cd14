extension PositiveHead {
  /// Computes (a, b, c) at every node, shape [3][nodes], from activated outputs.
  func nodeValues<Scalar: HeadScalar>(
    of outputs: NodeArray<Scalar>, _ coefficients: NodeCoefficients<Scalar>, into values: NodeArray<Scalar>
  ) {
    let (first, second, third) = (outputs[0], outputs[1], outputs[2])
    let (a, b, c) = (values[0], values[1], values[2])
    let (aSum, bSum, bThree) = (coefficients.aSum, coefficients.bSum, coefficients.bThree)
    let (cTransverse, cSum, cThree) = (coefficients.cTransverse, coefficients.cSum, coefficients.cThree)
    for i in first.indices {
      let transverse = first[i]
      let sum = sum(transverse, second[i])
      let three = transverse * third[i]
      a[i] = aSum[i] * sum
      b[i] = bSum[i] * sum + bThree[i] * three
      c[i] = cTransverse[i] * transverse + cSum[i] * sum + cThree[i] * three
    }
    if massFunctions == .bounded { addMassTerms(of: outputs, coefficients, into: values) }
  }

  /// Adds the gradient with respect to the net's outputs, shape [outputs][nodes], given the gradient with respect to
  /// (a, b, c), shape [3][nodes].
  func addGradient<Scalar: HeadScalar>(
    by valueGradient: NodeArray<Scalar>, outputs: NodeArray<Scalar>, slopes: NodeArray<Scalar>,
    _ coefficients: NodeCoefficients<Scalar>, into gradient: NodeArray<Scalar>
  ) {
    let (first, second, third) = (outputs[0], outputs[1], outputs[2])
    let (byA, byB, byC) = (valueGradient[0], valueGradient[1], valueGradient[2])
    let (onFirst, onSecond, onThird) = (gradient[0], gradient[1], gradient[2])
    let slope = slopes[0]
    let (aSum, bSum, bThree) = (coefficients.aSum, coefficients.bSum, coefficients.bThree)
    let (cTransverse, cSum, cThree) = (coefficients.cTransverse, coefficients.cSum, coefficients.cThree)
    for i in first.indices {
      let transverse = first[i]
      let bySum = aSum[i] * byA[i] + bSum[i] * byB[i] + cSum[i] * byC[i]
      let byThree = bThree[i] * byB[i] + cThree[i] * byC[i]
      let byTransverse = cTransverse[i] * byC[i] + byThree * third[i]
      switch longitudinal {
      case .independent:
        onFirst[i] += (byTransverse + bySum) * transverse
        onSecond[i] += bySum * second[i]
      case .ratio:
        onFirst[i] += (byTransverse + bySum * (1 + second[i])) * transverse
        onSecond[i] += bySum * transverse * second[i]
      case .total:
        onFirst[i] += byTransverse * transverse
        onSecond[i] += bySum * second[i]
      }
      onThird[i] += byThree * transverse * slope[i]
    }
    if massFunctions == .bounded {
      addMassGradient(by: valueGradient, outputs: outputs, slopes: slopes, coefficients, into: gradient)
    }
  }
}
