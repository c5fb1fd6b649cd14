import CKernels
import NuTuneNumerics
import Testing

/// Sums over bins that the kernels take several rows at a time, and in parts, against one loop for each.
@Suite struct CountKernelTests {
  @Test(arguments: [1, 2, 3, 4, 5, 9], [0, 5, 8, 64, 777, 2000])
  func sumsOfRowsAreThoseOfOneLoop(several: Int, count: Int) throws {
    let random = try RandomStream(seed: 11, purpose: "rows")
    func numbers(_ count: Int) -> [Double] { (0..<count).map { _ in random.uniform(in: -1...1) } }
    let stride = count + 3
    let (weight, rows) = (numbers(count), numbers(several * stride))
    var dots = [Double](repeating: .nan, count: several)
    nutune_count_dots(weight, rows, stride, several, count, &dots)
    var squares = [Double](repeating: 0, count: several * several)
    nutune_count_weighted_dots(weight, rows, stride, several, count, &squares)
    for k in 0..<several {
      let expected = (0..<count).reduce(0) { $0 + weight[$1] * rows[k * stride + $1] }
      #expect(abs(dots[k] - expected) < 1e-12)
      for l in 0...k {
        let expected = (0..<count).reduce(0) { $0 + weight[$1] * rows[k * stride + $1] * rows[l * stride + $1] }
        #expect(abs(squares[k * several + l] - expected) < 1e-12, "rows \(k) and \(l)")
      }
    }
    var products = [Double](repeating: .nan, count: several * count)
    nutune_count_outer(Array(rows.prefix(several)), weight, several, count, &products)
    for place in products.indices { #expect(products[place] == rows[place / count] * weight[place % count]) }
  }

  /// Changes are relative to the rate, or to the least one; in a sample that says nothing they are zero.
  @Test func changesAreRelative() {
    let bins = 600
    let rates = (0..<bins).map { 0.01 * Double($0) }
    let changes = (0..<2 * bins).map { Double($0 % 7) - 3 }
    for isInformative in [true, false] {
      var relative = [Double](repeating: .nan, count: 2 * (bins + 5))
      nutune_count_relative(rates, changes, 2, bins, 1, isInformative ? 1 : 0, bins + 5, &relative)
      for k in 0..<2 {
        for bin in 0..<bins {
          let expected = isInformative ? changes[k * bins + bin] / max(rates[bin], 1) : 0
          #expect(abs(relative[k * (bins + 5) + bin] - expected) <= 1e-15 * abs(expected))
        }
        #expect(relative[k * (bins + 5) + bins].isNaN)
      }
    }
  }
}
