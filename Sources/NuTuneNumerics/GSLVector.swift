import CGSL

// GSL hands *strided* vectors to callbacks: an element lies at data[i·stride]. All reading and writing goes through here.

extension UnsafePointer<gsl_vector> {
  var values: [Double] {
    let vector = pointee
    guard let data = vector.data else { return [] }
    return [Double](unsafeUninitializedCapacity: vector.size) { buffer, count in
      for i in 0..<vector.size { buffer[i] = data[i * vector.stride] }
      count = vector.size
    }
  }
}

extension UnsafeMutablePointer<gsl_vector> {
  var values: [Double] { UnsafePointer(self).values }

  /// Copies `values` into the vector; the caller has checked the count.
  func assign(_ values: [Double]) {
    let vector = pointee
    guard let data = vector.data else { return }
    for i in 0..<min(vector.size, values.count) { data[i * vector.stride] = values[i] }
  }

  func fill(_ value: Double) { gsl_vector_set_all(self, value) }
}

/// Calls `body` with a contiguous GSL vector over the storage of `values`.
func withGSLVector<R>(_ values: inout [Double], _ body: (UnsafeMutablePointer<gsl_vector>) throws -> R) rethrows -> R {
  let count = values.count
  return try values.withUnsafeMutableBufferPointer { buffer in
    var view = gsl_vector_view_array(buffer.baseAddress, count)
    return try body(&view.vector)
  }
}

/// Calls `body` with a GSL matrix over the storage of `matrix`.
func withGSLMatrix<R>(_ matrix: inout Matrix, _ body: (UnsafeMutablePointer<gsl_matrix>) throws -> R) rethrows -> R {
  let (rows, columns) = (matrix.rows, matrix.columns)
  return try matrix.elements.withUnsafeMutableBufferPointer { buffer in
    var view = gsl_matrix_view_array(buffer.baseAddress, rows, columns)
    return try body(&view.matrix)
  }
}

/// Calls `body` with a read-only GSL matrix over the storage of `matrix`; copies nothing.
func withGSLMatrix<R>(_ matrix: Matrix, _ body: (UnsafePointer<gsl_matrix>) throws -> R) rethrows -> R {
  try matrix.elements.withUnsafeBufferPointer { buffer in
    var view = gsl_matrix_view_array(UnsafeMutablePointer(mutating: buffer.baseAddress), matrix.rows, matrix.columns)
    return try body(&view.matrix)
  }
}
