import Foundation

/// A complex number, with the few operations that a 3×3 diagonalisation needs.
struct Complex: Sendable, Hashable {
  var real: Double
  var imaginary: Double

  init(_ real: Double, _ imaginary: Double = 0) {
    self.real = real
    self.imaginary = imaginary
  }

  /// Creates a number from modulus and phase in radians.
  init(modulus: Double, phase: Double) {
    self.init(modulus * cos(phase), modulus * sin(phase))
  }

  var conjugate: Complex { Complex(real, -imaginary) }
  var squaredModulus: Double { real * real + imaginary * imaginary }

  static func + (a: Complex, b: Complex) -> Complex { Complex(a.real + b.real, a.imaginary + b.imaginary) }
  static func - (a: Complex, b: Complex) -> Complex { Complex(a.real - b.real, a.imaginary - b.imaginary) }
  static func * (a: Complex, b: Complex) -> Complex {
    Complex(a.real * b.real - a.imaginary * b.imaginary, a.real * b.imaginary + a.imaginary * b.real)
  }
  static func * (a: Double, b: Complex) -> Complex { Complex(a * b.real, a * b.imaginary) }
}
