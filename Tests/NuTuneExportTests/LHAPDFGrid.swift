import Foundation
import Testing

/// A reader of LHAPDF grids, with LHAPDF's bicubic interpolation in ln x and ln Q².
struct LHAPDFGrid {
  var x: [Double]
  var q2: [Double]
  var flavors: [Int]
  /// Shape [flavors][x · Q²].
  var values: [[Double]]

  init(_ text: String) throws {
    let blocks = text.components(separatedBy: "---\n")
    try #require(blocks.count >= 2 && blocks[0].contains("Format: lhagrid1"))
    let lines = blocks[1].split(separator: "\n").map { $0.split(separator: " ").compactMap { Double($0) } }
    let (x, q2, flavors) = (lines[0], lines[1].map { $0 * $0 }, lines[2].map { Int($0) })
    let rows = Array(lines[3...])
    try #require(rows.count == x.count * q2.count && rows.allSatisfy { $0.count == flavors.count })
    (self.x, self.q2, self.flavors) = (x, q2, flavors)
    values = flavors.indices.map { flavor in rows.map { $0[flavor] } }
  }

  /// Value of a function at a point within the grid.
  func value(_ flavor: Int, x point: Double, q2 scale: Double) throws -> Double {
    let index = try #require(flavors.firstIndex(of: flavor))
    let (a, b) = (x.map { log($0) }, q2.map { log($0) })
    let column = try #require(b.lastIndex { $0 <= log(scale) })
    let rows = (max(column - 1, 0)...min(column + 2, b.count - 1)).map { j in
      Self.cubic(a, (0..<a.count).map { values[index][$0 * b.count + j] }, at: log(point))
    }
    let knots = Array(b[max(column - 1, 0)...min(column + 2, b.count - 1)])
    return Self.cubic(knots, rows, at: log(scale))
  }

  /// Cubic between two knots with the mean slopes of their neighbours.
  private static func cubic(_ knots: [Double], _ values: [Double], at point: Double) -> Double {
    let i = min(max(knots.lastIndex { $0 <= point } ?? 0, 0), knots.count - 2)
    func slope(_ j: Int) -> Double { (values[j + 1] - values[j]) / (knots[j + 1] - knots[j]) }
    func derivative(_ j: Int) -> Double {
      j == 0 ? slope(0) : j == knots.count - 1 ? slope(j - 1) : (slope(j - 1) + slope(j)) / 2
    }
    let width = knots[i + 1] - knots[i]
    let t = (point - knots[i]) / width
    return (1 + 2 * t) * (1 - t) * (1 - t) * values[i] + t * (1 - t) * (1 - t) * width * derivative(i)
      + t * t * (3 - 2 * t) * values[i + 1] + t * t * (t - 1) * width * derivative(i + 1)
  }
}
