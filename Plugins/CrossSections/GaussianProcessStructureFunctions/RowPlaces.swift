import NuTuneNumerics

/// The basis functions at the nodes, arranged for sums over the nodes of a bin: nodes of a row of the grid follow one
/// another and share t, so the sum over u comes first and the sum over t once for each row.
struct RowPlaces {
  let onT: Matrix
  let onU: Matrix
  /// Row of the grid of each node, ascending.
  private let gridRows: [Int32]

  init(_ factors: (t: Matrix, u: Matrix)) {
    (onT, onU) = (factors.t, factors.u)
    var (gridRows, row): ([Int32], Int32) = ([], 0)
    for node in 0..<factors.t.rows {
      if node > 0, !Self.isSameRow(factors.t, node, node - 1) { row += 1 }
      gridRows.append(row)
    }
    self.gridRows = gridRows
  }

  /// Computes Σ_nodes (coefficient · slope_j) φ for the weights of all functions, mixed; shape [functions · basis].
  func row(of bin: Int, in sample: NearDesign.NearSample, slopes: [Double], mixing: Matrix) -> [Double] {
    let (tCount, uCount) = (onT.columns, onU.columns)
    let functions = mixing.rows
    let size = tCount * uCount
    var parts = [Double](repeating: 0, count: functions * size)
    var inner = [Double](repeating: 0, count: functions * uCount)
    let entries = sample.starts[bin]..<sample.starts[bin + 1]
    onT.elements.withUnsafeBufferPointer { onT in
      onU.elements.withUnsafeBufferPointer { onU in
        sample.nodes.withUnsafeBufferPointer { nodes in
          sample.coefficients.withUnsafeBufferPointer { coefficients in
            slopes.withUnsafeBufferPointer { slopes in
              parts.withUnsafeMutableBufferPointer { parts in
                inner.withUnsafeMutableBufferPointer { inner in
                  guard let parts = parts.baseAddress, let inner = inner.baseAddress else { return }
                  var rowNode = -1
                  for entry in entries {
                    let node = Int(nodes[entry])
                    if rowNode < 0 || gridRows[node] != gridRows[rowNode] {
                      if rowNode >= 0 { Self.flush(inner, onT, rowNode, tCount, uCount, functions, into: parts) }
                      rowNode = node
                    }
                    for j in 0..<functions {
                      let slope = 3 * (node * functions + j)
                      let value =
                        coefficients[3 * entry] * slopes[slope] + coefficients[3 * entry + 1] * slopes[slope + 1]
                        + coefficients[3 * entry + 2] * slopes[slope + 2]
                      let sums = inner + j * uCount
                      for b in 0..<uCount { sums[b] += value * onU[node * uCount + b] }
                    }
                  }
                  if rowNode >= 0 { Self.flush(inner, onT, rowNode, tCount, uCount, functions, into: parts) }
                }
              }
            }
          }
        }
      }
    }
    var row = [Double](repeating: 0, count: functions * size)
    for k in 0..<functions {
      for j in k..<functions where mixing[j, k] != 0 {
        let factor = mixing[j, k]
        for index in 0..<size { row[k * size + index] += factor * parts[j * size + index] }
      }
    }
    return row
  }

  /// Adds φ_t of a row times the sums over u to the parts of all functions, and empties the sums.
  private static func flush(
    _ inner: UnsafeMutablePointer<Double>, _ onT: UnsafeBufferPointer<Double>, _ row: Int, _ tCount: Int,
    _ uCount: Int, _ functions: Int, into parts: UnsafeMutablePointer<Double>
  ) {
    for j in 0..<functions {
      let sums = inner + j * uCount
      for a in 0..<tCount {
        let factor = onT[row * tCount + a]
        let target = parts + (j * tCount + a) * uCount
        for b in 0..<uCount { target[b] += factor * sums[b] }
      }
      for b in 0..<uCount { sums[b] = 0 }
    }
  }

  /// Whether two nodes have the same t up to rounding.
  private static func isSameRow(_ onT: Matrix, _ a: Int, _ b: Int) -> Bool {
    for k in 0..<onT.columns where abs(onT[a, k] - onT[b, k]) > 1e-9 { return false }
    return true
  }
}
