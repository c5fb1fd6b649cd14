/// Arrays across the border.
enum CArray {
  /// The values of an array of the caller.
  static func values(_ pointer: UnsafePointer<Double>, _ count: Int) -> [Double] {
    Array(UnsafeBufferPointer(start: pointer, count: count))
  }

  /// Writes rows one after another.
  static func write(_ rows: [[Double]], to result: UnsafeMutablePointer<Double>) {
    var next = result
    for row in rows {
      next.update(from: row, count: row.count)
      next += row.count
    }
  }
}
