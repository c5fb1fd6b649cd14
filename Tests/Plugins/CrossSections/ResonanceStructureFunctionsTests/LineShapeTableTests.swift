import ResonanceStructureFunctions
import Testing

@Suite struct LineShapeTableTests {
  @Test("line shapes that differ in one number alone have tables of their own")
  func keys() {
    func value(
      _ mass: Double = 1.232, _ width: Double = 0.12, _ orbital: Int = 1, _ low: Double = 0.05, _ end: Double = 9
    )
      -> Double
    {
      LineShape(mass: mass, width: width, orbital: orbital, smearing: low...0.3, upTo: end)
        .value(massSquared: 1.5, smearing: 0.06)
    }
    let first = value()
    #expect(value() == first)
    for other in [value(1.24), value(1.232, 0.13), value(1.232, 0.12, 2), value(1.232, 0.12, 1, 0.09)] {
      #expect(abs(other / first - 1) > 1e-4)
    }
    // The end of a table moves no value inside, but a shape ends there.
    #expect(value(1.232, 0.12, 1, 0.05, 1.2) != first)
  }
}
