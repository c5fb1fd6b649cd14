import NuTuneCore

/// A complex number, as much as traces need.
struct Complex {
  var re: Double
  var im: Double
  static func * (a: Complex, b: Complex) -> Complex {
    Complex(re: a.re * b.re - a.im * b.im, im: a.re * b.im + a.im * b.re)
  }
  static func + (a: Complex, b: Complex) -> Complex { Complex(re: a.re + b.re, im: a.im + b.im) }
  static let zero = Complex(re: 0, im: 0)
  static let one = Complex(re: 1, im: 0)
  static let i = Complex(re: 0, im: 1)
}

/// A 4 × 4 matrix on spinors.
struct SpinorMatrix {
  var entries = [Complex](repeating: .zero, count: 16)

  static func * (a: SpinorMatrix, b: SpinorMatrix) -> SpinorMatrix {
    var result = SpinorMatrix()
    for r in 0..<4 {
      for c in 0..<4 {
        for k in 0..<4 {
          result.entries[4 * r + c] = result.entries[4 * r + c] + a.entries[4 * r + k] * b.entries[4 * k + c]
        }
      }
    }
    return result
  }
  static func + (a: SpinorMatrix, b: SpinorMatrix) -> SpinorMatrix {
    SpinorMatrix(entries: zip(a.entries, b.entries).map { $0 + $1 })
  }
  static func * (a: Double, b: SpinorMatrix) -> SpinorMatrix {
    SpinorMatrix(entries: b.entries.map { Complex(re: a * $0.re, im: a * $0.im) })
  }
  static func - (a: SpinorMatrix, b: SpinorMatrix) -> SpinorMatrix { a + -1 * b }
  static func * (a: Complex, b: SpinorMatrix) -> SpinorMatrix { SpinorMatrix(entries: b.entries.map { a * $0 }) }
  var trace: Complex { entries[0] + entries[5] + entries[10] + entries[15] }
  /// γ⁰ Γ† γ⁰.
  var bar: SpinorMatrix {
    var dagger = SpinorMatrix()
    for r in 0..<4 {
      for c in 0..<4 { dagger.entries[4 * r + c] = Complex(re: entries[4 * c + r].re, im: -entries[4 * c + r].im) }
    }
    return Dirac.gamma[0] * dagger * Dirac.gamma[0]
  }
}

/// The Dirac matrices in the standard representation, with upper indices.
enum Dirac {
  static let identity = SpinorMatrix(entries: (0..<16).map { $0 % 5 == 0 ? .one : .zero })
  static let gamma: [SpinorMatrix] = {
    let pauli: [[Complex]] = [
      [.zero, .one, .one, .zero], [.zero, Complex(re: 0, im: -1), .i, .zero],
      [.one, .zero, .zero, Complex(re: -1, im: 0)],
    ]
    var zeroth = SpinorMatrix()
    for i in 0..<4 { zeroth.entries[5 * i] = Complex(re: i < 2 ? 1 : -1, im: 0) }
    return [zeroth]
      + pauli.map { sigma in
        var matrix = SpinorMatrix()
        for r in 0..<2 {
          for c in 0..<2 {
            matrix.entries[4 * r + c + 2] = sigma[2 * r + c]
            matrix.entries[4 * (r + 2) + c] = Complex(re: -1, im: 0) * sigma[2 * r + c]
          }
        }
        return matrix
      }
  }()
  static let gamma5 = Complex.i * (gamma[0] * gamma[1] * gamma[2] * gamma[3])
  static let metric: [Double] = [1, -1, -1, -1]
  static func slash(_ v: [Double]) -> SpinorMatrix {
    (0..<4).reduce(SpinorMatrix()) { $0 + (metric[$1] * v[$1]) * gamma[$1] }
  }
  static func dot(_ a: [Double], _ b: [Double]) -> Double { (0..<4).reduce(0) { $0 + metric[$1] * a[$1] * b[$1] } }
}

/// w₁…w₅ from explicit matrices and spin sums in the laboratory frame; shares nothing with the closed forms.
struct TraceEvaluation {
  let mass: Double
  let p: [Double]
  let q: [Double]
  let final: [Double]
  let nucleon = PhysicalConstants.nucleonMass

  init(mass: Double, q2: Double) {
    self.mass = mass
    let omega = (mass * mass - nucleon * nucleon + q2) / (2 * nucleon)
    p = [nucleon, 0, 0, 0]
    q = [omega, 0, 0, (q2 + omega * omega).squareRoot()]
    final = zip(p, q).map(+)
  }

  /// Spin 1/2: vertex Γ^μ.
  func functions(vertex: (Int) -> SpinorMatrix) -> [Double] {
    let state = Dirac.slash(final) + mass * Dirac.identity
    let initial = Dirac.slash(p) + nucleon * Dirac.identity
    let vertices = (0..<4).map(vertex)
    return extract { mu, nu in (state * vertices[mu] * initial * vertices[nu].bar).trace }
  }

  /// Spin 3/2: vertex Γ^{λμ}, with the Rarita–Schwinger spin sum.
  func functions(vertex: (Int, Int) -> SpinorMatrix) -> [Double] {
    let initial = Dirac.slash(p) + nucleon * Dirac.identity
    let state = Dirac.slash(final) + mass * Dirac.identity
    func lower(_ v: [Double], _ i: Int) -> Double { Dirac.metric[i] * v[i] }
    var sums: [[SpinorMatrix]] = []
    for s in 0..<4 {
      sums.append(
        (0..<4).map { l in
          let gs = Dirac.metric[s] * Dirac.gamma[s]
          let gl = Dirac.metric[l] * Dirac.gamma[l]
          let metric = s == l ? Dirac.metric[s] : 0
          let scalar = metric - 2 * lower(final, s) * lower(final, l) / (3 * mass * mass)
          let bracket =
            scalar * Dirac.identity - (1.0 / 3) * (gs * gl)
            + (1 / (3 * mass)) * (lower(final, s) * gl - lower(final, l) * gs)
          return -1 * (state * bracket)
        })
    }
    let vertices = (0..<4).map { l in (0..<4).map { vertex(l, $0) } }
    let bars = vertices.map { $0.map(\.bar) }
    return extract { mu, nu in
      var total = Complex.zero
      for s in 0..<4 {
        for l in 0..<4 { total = total + (sums[s][l] * vertices[l][mu] * initial * bars[s][nu]).trace }
      }
      return total
    }
  }

  private func extract(_ tensor: (Int, Int) -> Complex) -> [Double] {
    func value(_ mu: Int, _ nu: Int) -> Complex { Complex(re: 1 / (4 * nucleon), im: 0) * tensor(mu, nu) }
    let (omega, momentum) = (q[0], q[3])
    let mm = nucleon * nucleon
    let w1 = value(1, 1).re
    let w4 = (value(3, 3).re - w1) * mm / (momentum * momentum)
    let w5 = (value(0, 3).re - omega * momentum * w4 / mm) * nucleon / momentum
    let w2 = value(0, 0).re + w1 - omega * omega * w4 / mm - 2 * omega * w5 / nucleon
    // The sign is that of Llewellyn Smith's w₃ = −2F_A(F₁+F₂); see the elastic test.
    let w3 = -value(1, 2).im * 2 * nucleon / momentum
    return [w1, w2, w3, w4, w5]
  }
}
