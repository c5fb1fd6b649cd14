import NuTuneCore

/// The linear map at every node from S = W_T + W_L, T = W_T and V = W_T tanh n₃ to the node values of one channel:
///
///     a = a_S S        b = b_S S + b_V V        c = c_T T + c_S S + c_V V
///
/// where W₄ = 0 and 2xF₅ = F₂. With W₄ and W₅ of their own, b_X X is added to b and c_Y Y to c,
///
///     X = S tanh n₅        Y = S (1 − r tanh n₅) tanh n₄
final class NodeCoefficients<Scalar: HeadScalar> {
  private let rows: NodeArray<Scalar>

  var aSum: UnsafeMutableBufferPointer<Scalar> { rows[0] }
  var bSum: UnsafeMutableBufferPointer<Scalar> { rows[1] }
  var bThree: UnsafeMutableBufferPointer<Scalar> { rows[2] }
  var cTransverse: UnsafeMutableBufferPointer<Scalar> { rows[3] }
  var cSum: UnsafeMutableBufferPointer<Scalar> { rows[4] }
  var cThree: UnsafeMutableBufferPointer<Scalar> { rows[5] }
  /// b_X; only with ``PositiveHead/MassFunctions/bounded``, like the next two.
  var bFive: UnsafeMutableBufferPointer<Scalar> { rows[6] }
  /// c_Y.
  var cFour: UnsafeMutableBufferPointer<Scalar> { rows[7] }
  /// r.
  var reduction: UnsafeMutableBufferPointer<Scalar> { rows[8] }

  init(species: NeutrinoSpecies, nodes: InvariantPoints, massFunctions: PositiveHead.MassFunctions) {
    rows = NodeArray(rows: massFunctions == .bounded ? 9 : 6, nodes: nodes.count)
    let tensor = LeptonTensor(species)
    for i in 0..<nodes.count {
      let tensorRows = tensor.nodeCoefficients(omega: nodes.omega[i], q2: nodes.q2[i])
      let factors = PositiveHead.Factors(omega: nodes.omega[i], q2: nodes.q2[i])
      rows[0][i] = Scalar(tensorRows.a[1] * factors.w2)
      rows[1][i] = Scalar((tensorRows.b[1] + tensorRows.b[4] * factors.w5) * factors.w2)
      rows[2][i] = Scalar(tensorRows.b[2] * factors.w3)
      rows[3][i] = Scalar(tensorRows.c[0])
      rows[4][i] = Scalar(tensorRows.c[1] * factors.w2)
      rows[5][i] = Scalar(tensorRows.c[2] * factors.w3)
      guard massFunctions == .bounded else { continue }
      rows[6][i] = Scalar(tensorRows.b[4] * factors.w5 * factors.range * factors.w2)
      rows[7][i] = Scalar(tensorRows.c[3] * factors.w4 * factors.w2)
      rows[8][i] = Scalar(factors.reduction)
    }
  }
}
