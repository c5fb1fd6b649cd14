import NuTuneCore

/// The linear map at every node from S = W_T + W_L, T = W_T and V = W_T tanh n₃ to the node values of one channel:
///
///     a = a_S S        b = b_S S + b_V V        c = c_T T + c_S S + c_V V
final class NodeCoefficients<Scalar: HeadScalar> {
  private let rows: NodeArray<Scalar>

  var aSum: UnsafeMutableBufferPointer<Scalar> { rows[0] }
  var bSum: UnsafeMutableBufferPointer<Scalar> { rows[1] }
  var bThree: UnsafeMutableBufferPointer<Scalar> { rows[2] }
  var cTransverse: UnsafeMutableBufferPointer<Scalar> { rows[3] }
  var cSum: UnsafeMutableBufferPointer<Scalar> { rows[4] }
  var cThree: UnsafeMutableBufferPointer<Scalar> { rows[5] }

  init(species: NeutrinoSpecies, nodes: InvariantPoints) {
    rows = NodeArray(rows: 6, nodes: nodes.count)
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
    }
  }
}
