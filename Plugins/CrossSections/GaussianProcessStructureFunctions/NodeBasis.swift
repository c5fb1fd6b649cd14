import NuTuneCore
import NuTuneFolding
import NuTuneNumerics

/// The basis of all modulations at the nodes of a fold, which lie on a grid in t and u: g_j = Σ_k mixing[j, k] φ·η_k, added up
/// over the kernels of a ``ProcessBasis``.
///
/// Basis functions are products on a grid, Φ_t[row, a] Φ_u[column, b]. So g is Φ_t H Φ_uᵀ with H the mixed weights, and a
/// sum of basis functions over nodes is Φ_tᵀ S Φ_u with S the summands on the grid: two small matrix products each.
struct NodeBasis: Sendable {
  private let basis: ProcessBasis
  /// One for each kernel.
  private let parts: [Part]
  /// Row and column of each node.
  private let rows: [Int32]
  private let columns: [Int32]
  /// Number of rows and columns of the grid.
  private let size: (rows: Int, columns: Int)

  /// Coordinates that differ by less are those of one row or column of the grid; rounding is 10⁻¹³.
  private static let sameCoordinate = 1e-9

  /// The basis of one kernel.
  fileprivate struct Part {
    /// Shape [functions × functions], lower triangular.
    let mixing: Matrix
    /// Φ_t, shape [rows × t.count].
    let onT: Matrix
    /// Φ_u, shape [columns × u.count].
    let onU: Matrix
  }

  /// Places a basis on nodes.
  init(_ basis: ProcessBasis, at nodes: InvariantPoints) throws {
    let places = (0..<nodes.count).map { NodeGrid.coordinates(omega: nodes.omega[$0], q2: nodes.q2[$0]) }
    let (ofRows, rows) = Self.distinct(places.map(\.t))
    let (ofColumns, columns) = Self.distinct(places.map(\.u))
    parts = try basis.parts.map {
      Part(mixing: $0.mixing, onT: try $0.basis.onT(ofRows), onU: try $0.basis.onU(ofColumns))
    }
    (self.basis, self.rows, self.columns, size) = (basis, rows, columns, (ofRows.count, ofColumns.count))
  }

  /// The distinct values, ascending, and the index of each one's own.
  private static func distinct(_ values: [Double]) -> (values: [Double], indices: [Int32]) {
    var (distinct, indices): ([Double], [Int32]) = ([], [Int32](repeating: 0, count: values.count))
    for index in values.indices.sorted(by: { values[$0] < values[$1] }) {
      if distinct.last.map({ values[index] - $0 > sameCoordinate }) ?? true { distinct.append(values[index]) }
      indices[index] = Int32(distinct.count - 1)
    }
    return (distinct, indices)
  }

  /// Number of modulations.
  var functions: Int { basis.functions }
  /// Number of weights of all modulations.
  var weightCount: Int { basis.weightCount }

  /// Computes g at the nodes, shape [functions][nodes].
  func modulations(of weights: [Double]) throws -> [[Double]] {
    let ofKernels = try zip(parts, basis.split(weights)).map { try $0.onGrid($1) }
    return (0..<functions).map { function in
      let onGrid = ofKernels.dropFirst().reduce(ofKernels[0][function].elements) {
        zip($0, $1[function].elements).map(+)
      }
      return zip(rows, columns).map { onGrid[Int($0) * size.columns + Int($1)] }
    }
  }

  /// Mixes values of the modulations into those of the independent processes, Σ_j mixing[j, k] value_j, for each kernel.
  ///
  /// - Parameters:
  ///   - values: shape [nodes][functions][length].
  ///   - length: number of values of a modulation at a node.
  /// - Returns: shape [kernels][nodes][functions][length].
  func mixed(_ values: [Double], length: Int) -> [[Double]] { parts.map { $0.mixed(values, length: length) } }

  /// Computes Σ_nodes (coefficient · slope_k) φ for the weights of all modulations; shape [weights].
  ///
  /// - Parameters:
  ///   - bin: of the component's sample.
  ///   - component: whose modulations these are.
  ///   - slopes: of the node values, mixed, shape [kernels][nodes][functions][3].
  func row(of bin: Int, in component: NearDesign.NearComponent, slopes: [[Double]]) throws -> [Double] {
    let entries = component.starts[bin]..<component.starts[bin + 1]
    let reached = component.nodes[entries].map { Int(rows[Int($0)]) }
    guard let first = reached.min(), let last = reached.max() else { return [Double](repeating: 0, count: weightCount) }
    return try zip(parts, slopes).flatMap { part, slopes in
      try part.sums(
        of: summands(entries, of: component, reaching: reached, in: first...last, slopes: slopes), fromRow: first)
    }
  }

  /// Adds up coefficient · slope_k on some rows of the grid, shape [rows][functions][columns].
  ///
  /// - Parameters:
  ///   - entries: of a bin of the component.
  ///   - component: whose coefficients they are.
  ///   - reached: row of each of them.
  ///   - range: the rows.
  ///   - slopes: of the node values, mixed for one kernel, shape [nodes][functions][3].
  private func summands(
    _ entries: Range<Int>, of component: NearDesign.NearComponent, reaching reached: [Int], in range: ClosedRange<Int>,
    slopes: [Double]
  ) -> [Double] {
    let (first, last) = (range.lowerBound, range.upperBound)
    let (count, width) = (functions, size.columns)
    var onGrid = [Double](repeating: 0, count: (last - first + 1) * count * width)
    onGrid.withUnsafeMutableBufferPointer { onGrid in
      columns.withUnsafeBufferPointer { columns in
        component.nodes.withUnsafeBufferPointer { nodes in
          component.coefficients.withUnsafeBufferPointer { coefficients in
            slopes.withUnsafeBufferPointer { slopes in
              for (entry, row) in zip(entries, reached) {
                let node = Int(nodes[entry])
                let (a, b, c) = (coefficients[3 * entry], coefficients[3 * entry + 1], coefficients[3 * entry + 2])
                var slope = 3 * node * count
                var place = (row - first) * count * width + Int(columns[node])
                for _ in 0..<count {
                  onGrid[place] += a * slopes[slope] + b * slopes[slope + 1] + c * slopes[slope + 2]
                  slope += 3
                  place += width
                }
              }
            }
          }
        }
      }
    }
    return onGrid
  }

  /// Computes Σ_nodes Σ_j value_j ∂g_j/∂η for the weights of all modulations; shape [weights].
  ///
  /// - Parameter values: of every modulation at every node, shape [nodes][functions].
  func sums(over values: [Double]) throws -> [Double] {
    try zip(parts, mixed(values, length: 1)).flatMap { part, mixed in
      var onGrid = [Double](repeating: 0, count: size.rows * functions * size.columns)
      for node in rows.indices {
        for function in 0..<functions {
          onGrid[(Int(rows[node]) * functions + function) * size.columns + Int(columns[node])] +=
            mixed[node * functions + function]
        }
      }
      return try part.sums(of: onGrid, fromRow: 0)
    }
  }
}

extension NodeBasis.Part {
  private var functions: Int { mixing.rows }

  /// Computes g on the grid, one matrix of shape [rows × columns] for each function.
  func onGrid(_ weights: [Double]) throws -> [Matrix] {
    let count = onT.columns * onU.columns
    let mixed = try mixing.multiplied(by: Matrix(rows: functions, columns: count, elements: weights))
    let transposedOnU = onU.transposed
    return try (0..<functions).map { function in
      try onT.multiplied(by: Matrix(rows: onT.columns, columns: onU.columns, elements: mixed.row(function)))
        .multiplied(by: transposedOnU)
    }
  }

  /// Computes Σ_j mixing[j, k] value_j, see ``NodeBasis/mixed(_:length:)``.
  func mixed(_ values: [Double], length: Int) -> [Double] {
    var mixed = [Double](repeating: 0, count: values.count)
    for node in 0..<values.count / (functions * length) {
      let first = node * functions * length
      for j in 0..<functions {
        for k in 0...j where mixing[j, k] != 0 {
          for i in 0..<length { mixed[first + k * length + i] += mixing[j, k] * values[first + j * length + i] }
        }
      }
    }
    return mixed
  }

  /// Computes Φ_tᵀ S Φ_u of each process for summands on some rows of the grid; shape [weights].
  ///
  /// - Parameters:
  ///   - summands: S, shape [rows][functions][columns].
  ///   - first: the first of the rows.
  func sums(of summands: [Double], fromRow first: Int) throws -> [Double] {
    let (tCount, uCount) = (onT.columns, onU.columns)
    let height = summands.count / (functions * onU.rows)
    let ofRows = try Matrix(
      rows: height, columns: tCount, elements: Array(onT.elements[first * tCount..<(first + height) * tCount]))
    let overRows = try ofRows.transposeMultiplied(
      by: Matrix(rows: height, columns: functions * onU.rows, elements: summands))
    let overBoth = try Matrix(rows: tCount * functions, columns: onU.rows, elements: overRows.elements)
      .multiplied(by: onU).elements
    var sums: [Double] = []
    sums.reserveCapacity(functions * tCount * uCount)
    for function in 0..<functions {
      for a in 0..<tCount {
        let start = (a * functions + function) * uCount
        sums += overBoth[start..<start + uCount]
      }
    }
    return sums
  }
}
