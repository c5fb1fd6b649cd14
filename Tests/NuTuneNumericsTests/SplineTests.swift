import Foundation
import NuTuneNumerics
import Testing

@Suite struct SplineTests {
  @Test(arguments: Spline.Kind.allCases) func straightLinesAreExact(kind: Spline.Kind) throws {
    let x: [Double] = [0, 0.7, 1.1, 2, 3.5, 4]
    let spline = try Spline(kind, x: x, y: x.map { 3 * $0 - 1 })
    for at in [0, 0.3, 0.7, 1.5, 3.99, 4] {
      #expect(abs(try spline.value(at: at) - (3 * at - 1)) < 1e-14)
      #expect(abs(try spline.derivative(at: at) - 3) < 1e-13)
      #expect(abs(try spline.secondDerivative(at: at)) < 1e-12)
    }
    // ∫ (3x − 1) over 0.5…3 = 3/2·(9 − 0.25) − 2.5.
    #expect(abs(try spline.integral(over: 0.5...3) - 10.625) < 1e-13)
    #expect(spline.range == 0...4)
  }

  @Test func theNaturalCubicThroughThreePointsIsKnown() throws {
    // Through (0,0), (1,1), (2,0): on the left piece s = 3x/2 − x³/2, symmetric about 1.
    let spline = try Spline(.cubic, x: [0, 1, 2], y: [0, 1, 0])
    for x in stride(from: 0.0, through: 1.0, by: 0.125) {
      let expected = 1.5 * x - 0.5 * x * x * x
      #expect(abs(try spline.value(at: x) - expected) < 1e-15)
      #expect(abs(try spline.value(at: 2 - x) - expected) < 1e-15)
      #expect(abs(try spline.derivative(at: x) - (1.5 - 1.5 * x * x)) < 1e-14)
    }
    #expect(abs(try spline.integral(over: 0...2) - 1.25) < 1e-14)
  }

  @Test func cubicErrorFallsWithTheFourthPower() throws {
    func error(_ intervals: Int) throws -> Double {
      // A whole number of half waves: the second derivative of sine vanishes at the ends as the natural spline's does.
      let x = (0...intervals).map { Double.pi * Double($0) / Double(intervals) }
      let spline = try Spline(.cubic, x: x, y: x.map { sin($0) })
      return try (0..<1000).map { Double.pi * (Double($0) + 0.5) / 1000 }.map {
        abs(try spline.value(at: $0) - sin($0))
      }
      .max() ?? 0
    }
    let ratio = try error(16) / error(32)
    #expect(ratio > 15 && ratio < 17)
  }

  @Test func steffenStaysBetweenItsPoints() throws {
    let x: [Double] = [0, 1, 2, 3, 4, 5]
    let y: [Double] = [0, 0, 0, 1, 1, 1]
    let (steffen, cubic) = (try Spline(.steffen, x: x, y: y), try Spline(.cubic, x: x, y: y))
    let places = stride(from: 0.0, through: 5.0, by: 0.05)
    #expect(try places.allSatisfy { (0...1).contains(try steffen.value(at: $0)) })
    #expect(try places.contains { !(0...1).contains(try cubic.value(at: $0)) })
  }

  @Test func badPointsAndPlacesAreTypedErrors() throws {
    func failure(_ body: () throws -> Void) -> NumericsError? {
      do { try body() } catch { return error as? NumericsError }
      return nil
    }
    #expect(failure { _ = try Spline(.cubic, x: [0, 1, 1, 2], y: [0, 1, 2, 3]) }?.status == .invalidArgument)
    #expect(failure { _ = try Spline(.akima, x: [0, 1, 2, 3], y: [0, 1, 2, 3]) }?.status == .badLength)
    #expect(failure { _ = try Spline(.cubic, x: [0, 1, 2], y: [0, 1]) }?.status == .badLength)
    #expect(failure { _ = try Spline(.linear, x: [0, 1], y: [0, .nan]) }?.status == .invalidArgument)
    let spline = try Spline(.linear, x: [0, 5], y: [0, 1])
    let outside = failure { _ = try spline.value(at: 7.25) }
    #expect(outside?.status == .domain)
    #expect(outside?.description == "Spline(linear): input domain error (GSL 1): 7.25 is outside 0.0...5.0")
    #expect(failure { _ = try spline.integral(over: -1...2) }?.status == .domain)
    #expect(failure { _ = try spline.value(at: .nan) }?.status == .domain)
  }

  @Test func oneSplineServesManyTasks() async throws {
    let x = (0...200).map { Double($0) }
    let spline = try Spline(.cubic, x: x, y: x.map { sin($0 / 10) })
    let places = (0..<2000).map { Double($0) / 10 }
    let expected = try places.map { try spline.value(at: $0) }
    try await withThrowingTaskGroup(of: [Double].self) { group in
      for _ in 0..<4 { group.addTask { try places.map { try spline.value(at: $0) } } }
      for try await values in group { #expect(values == expected) }
    }
  }
}
