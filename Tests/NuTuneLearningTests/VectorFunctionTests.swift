import CKernels
import Foundation
import Testing

/// Errors of the vectorised functions against libm in double (for float) and long-double-free closed forms.
/// Bounds: two units in the last place, 2·2⁻²³ and 2·2⁻⁵² relative; exp and tanh in float also stay below 1e-7.
@Suite struct VectorFunctionTests {
  static let twoUlpFloat = 2 * Double(Float.ulpOfOne)
  static let twoUlpDouble = 2 * Double.ulpOfOne

  /// Dense uniform points and logarithmic ones towards 0, both signs.
  static func points(_ range: ClosedRange<Double>) -> [Double] {
    var points: [Double] = []
    for i in 0...40_000 {
      points.append(range.lowerBound + (range.upperBound - range.lowerBound) * Double(i) / 40_000)
    }
    for i in 0...8_000 {
      let magnitude = exp(-27 + 27 * Double(i) / 8_000)
      points += [magnitude, -magnitude].filter(range.contains)
    }
    return points
  }

  @Test func expFloat() {
    let x = Self.points(-87...88.7).map { Float($0) }
    var y = [Float](repeating: 0, count: x.count)
    net_exp_f32(x, &y, x.count)
    let worst = zip(x, y).map { abs(Double($1) / exp(Double($0)) - 1) }.max() ?? .infinity
    #expect(worst < 1e-7)
  }

  @Test func expDouble() {
    let x = Self.points(-707...709.7)
    var y = [Double](repeating: 0, count: x.count)
    net_exp_f64(x, &y, x.count)
    let worst = zip(x, y).map { abs($1 / exp($0) - 1) }.max() ?? .infinity
    #expect(worst < 1e-15)
  }

  @Test func tanhFloat() {
    let x = Self.points(-12...12).map { Float($0) }
    var y = [Float](repeating: 0, count: x.count)
    var d = y
    net_tanh_f32(x, &y, &d, x.count)
    for (index, value) in x.enumerated() where value != 0 {
      let exact = tanh(Double(value))
      #expect(abs(Double(y[index]) - exact) < 1e-7)
      #expect(abs(Double(y[index]) / exact - 1) < Self.twoUlpFloat)
      #expect(abs(Double(d[index]) - (1 - exact * exact)) < Self.twoUlpFloat)
    }
  }

  @Test func tanhDouble() {
    let x = Self.points(-22...22)
    var y = [Double](repeating: 0, count: x.count)
    var d = y
    net_tanh_f64(x, &y, &d, x.count)
    for (index, value) in x.enumerated() where value != 0 {
      let exact = tanh(value)
      #expect(abs(y[index] / exact - 1) < 1e-15)
      #expect(abs(d[index] - (1 - exact * exact)) < 1e-15)
    }
  }

  /// silu and its derivative without cancellation, for reference.
  static func silu(_ x: Double) -> (Double, Double) {
    let s = x > 0 ? 1 / (1 + exp(-x)) : exp(x) / (1 + exp(x))
    let complement = x > 0 ? exp(-x) / (1 + exp(-x)) : 1 / (1 + exp(x))
    return (x * s, s * (1 + x * complement))
  }

  @Test func siluFloat() {
    let x = Self.points(-80...100).map { Float($0) }
    var y = [Float](repeating: 0, count: x.count)
    var d = y
    net_silu_f32(x, &y, &d, x.count)
    for (index, value) in x.enumerated() where value != 0 {
      let (exact, slope) = Self.silu(Double(value))
      #expect(abs(Double(y[index]) / exact - 1) < Self.twoUlpFloat)
      #expect(abs(Double(d[index]) - slope) < Self.twoUlpFloat)
    }
  }

  @Test func siluDouble() {
    let x = Self.points(-700...700)
    var y = [Double](repeating: 0, count: x.count)
    var d = y
    net_silu_f64(x, &y, &d, x.count)
    for (index, value) in x.enumerated() where value != 0 {
      let (exact, slope) = Self.silu(value)
      #expect(abs(y[index] / exact - 1) < 1e-15)
      #expect(abs(d[index] - slope) < 1e-15)
    }
  }

  @Test func extremes() {
    let x: [Float] = [1e10, -1e10, .infinity, -.infinity, .greatestFiniteMagnitude, -.greatestFiniteMagnitude, 0, -200]
    var y = [Float](repeating: 0, count: x.count)
    var d = y
    net_exp_f32(x, &y, x.count)
    #expect(y == [.infinity, 0, .infinity, 0, .infinity, 0, 1, 0])
    net_tanh_f32(x, &y, &d, x.count)
    #expect(y == [1, -1, 1, -1, 1, -1, 0, -1])
    #expect(d == [0, 0, 0, 0, 0, 0, 1, 0])
    net_silu_f32(x, &y, &d, x.count)
    for index in [1, 3, 5, 7] { #expect(abs(y[index]) < 1e-30 && abs(d[index]) < 1e-30) }
    for index in [0, 2, 4] { #expect(y[index] == x[index] && d[index] == 1) }
    let xd: [Double] = [1e300, -1e300, .infinity, -.infinity, -745, 0]
    var yd = [Double](repeating: 0, count: xd.count)
    var dd = yd
    net_exp_f64(xd, &yd, xd.count)
    #expect(yd == [.infinity, 0, .infinity, 0, exp(-745), 1])
    net_silu_f64(xd, &yd, &dd, xd.count)
    #expect(yd.allSatisfy { !$0.isNaN } && dd.allSatisfy { !$0.isNaN })
    net_tanh_f64(xd, &yd, &dd, xd.count)
    #expect(yd == [1, -1, 1, -1, -1, 0])
  }

  @Test func notANumberStaysVisible() {
    let x: [Float] = [.nan, 1]
    var y: [Float] = [0, 0]
    var d: [Float] = [0, 0]
    net_exp_f32(x, &y, 2)
    #expect(y[0].isNaN && !y[1].isNaN)
    net_silu_f32(x, &y, &d, 2)
    #expect(y[0].isNaN && d[0].isNaN && !y[1].isNaN)
    net_tanh_f32(x, &y, &d, 2)
    #expect(y[0].isNaN && d[0].isNaN && !y[1].isNaN)
  }
}
