import Foundation

/// A function of W² folded with Gaussians of various widths, tabulated and interpolated with cubics.
struct SmearedShape: Sendable {
  /// Step of the table in W², GeV².
  private static let step = 0.01
  /// Lowest W² of the table, GeV²: below it no state is produced, whatever the Fermi motion.
  static let lowest = 0.25
  /// Gaussians narrower than this (GeV²) change no resonance, and are not resolved.
  private static let narrowest = 0.02
  private static let widthCount = 18

  private let count: Int
  private let firstWidth: Double
  private let widthStep: Double
  /// Shape [widths × masses].
  private let values: [Double]

  /// Masses of a table that ends at this W² in GeV²; nothing else of it follows the end.
  static func massCount(upTo highest: Double) -> Int { Int(((highest - lowest) / step).rounded(.up)) + 4 }

  init(widths: ClosedRange<Double>, upTo highest: Double, of function: (Double) -> Double) {
    let first = max(widths.lowerBound, Self.narrowest)
    let last = max(widths.upperBound, first * 1.01)
    let half = Self.step / 2
    firstWidth = first
    widthStep = (last - first) / Double(Self.widthCount - 1)
    count = Self.massCount(upTo: highest)

    // The integrand on a grid of half steps, as far as the widest Gaussian reaches.
    let margin = Int((6 * last / half).rounded(.up))
    let source = (0..<(2 * count + 2 * margin)).map { function(Self.lowest + Double($0 - margin) * half) }
    // Even and odd points apart: those at one distance from every mass are neighbours then, and sums over them fast.
    let halves = (0...1).map { parity in stride(from: parity, to: source.count, by: 2).map { source[$0] } }
    var table: [Double] = []
    for w in 0..<Self.widthCount {
      let width = first + Double(w) * widthStep
      let reach = Int((6 * width / half).rounded(.up))
      let kernel = (0...reach).map { exp(-0.5 * pow(Double($0) * half / width, 2)) }
      let sum = 2 * kernel.reduce(0, +) - kernel[0]
      var row = (0..<count).map { kernel[0] * source[margin + 2 * $0] }
      for j in 1...reach {
        let (weight, parity) = (kernel[j], (margin + j) % 2)
        let (left, right) = ((margin - j) / 2, (margin + j) / 2)
        row.withUnsafeMutableBufferPointer { row in
          halves[parity].withUnsafeBufferPointer { points in
            for i in 0..<row.count { row[i] += weight * (points[left + i] + points[right + i]) }
          }
        }
      }
      table += row.map { $0 / sum }
    }
    values = table
  }

  @inline(__always)
  func value(massSquared: Double, smearing: Double) -> Double {
    let x = (massSquared - Self.lowest) / Self.step
    guard x > 0, x < Double(count - 1) else { return 0 }
    let y = min(max((smearing - firstWidth) / widthStep, 0), Double(Self.widthCount - 1))
    let column = min(max(Int(x) - 1, 0), count - 4)
    let row = min(max(Int(y) - 1, 0), Self.widthCount - 4)
    let along = Self.weights(x - Double(column))
    let across = Self.weights(y - Double(row))
    let result = values.withUnsafeBufferPointer { table in
      var sum = 0.0
      for i in 0..<4 {
        let start = (row + i) * count + column
        let line = SIMD4(table[start], table[start + 1], table[start + 2], table[start + 3])
        sum += across[i] * (along * line).sum()
      }
      return sum
    }
    return max(result, 0)
  }

  /// Computes Lagrange's weights of the nodes 0, 1, 2, 3 at t.
  @inline(__always)
  private static func weights(_ t: Double) -> SIMD4<Double> {
    let (a, b, c) = (t - 1, t - 2, t - 3)
    return SIMD4(-a * b * c / 6, t * b * c / 2, -t * a * c / 2, t * a * b / 6)
  }
}
