import CGSL

/// A stream of random numbers, keyed by (seed, purpose, member): equal keys give equal numbers, independent of other
/// streams and of the number of threads. Different keys give independent streams.
///
/// The generator is xoshiro256** behind GSL's generator interface, so all distributions are GSL's. Its 256-bit state
/// is filled by SplitMix64 from a hash of the key; GSL's own generators take 32-bit seeds, of which 10⁵ streams
/// would share some. Integers and uniforms are the same on every platform; other distributions up to the last bit
/// of the platform's logarithm.
///
/// A reference type that is not Sendable on purpose: create one inside each task.
public final class RandomStream: RandomNumberGenerator {
  private let generator: UnsafeMutablePointer<gsl_rng>
  private static let stateWords = 4

  /// Number of bytes of ``state``.
  public static let stateBytes = 32

  /// Starts the stream of a key.
  /// - Parameters:
  ///   - seed: the study's seed.
  ///   - purpose: names the use of the numbers, e.g. `network`, `flux-throw`.
  ///   - member: number of the ensemble member.
  public init(seed: UInt64, purpose: String, member: Int = 0) throws {
    generator = try Self.allocate()
    gsl_rng_set(generator, UInt(Self.hash(seed: seed, purpose: purpose, member: member)))
  }

  /// Continues a stream from a saved ``state``.
  /// - Parameter state: 32 bytes from ``state``.
  public init(state: [UInt8]) throws {
    guard state.count == Self.stateBytes else {
      throw NumericsError(
        "RandomStream", .badLength, "a state of \(state.count) bytes; expected \(Self.stateBytes)")
    }
    guard state.contains(where: { $0 != 0 }) else {
      throw NumericsError("RandomStream", .invalidArgument, "a state of zeros only")
    }
    generator = try Self.allocate()
    let words = Self.words(of: generator)
    for i in 0..<Self.stateWords {
      words[i] = (0..<8).reduce(UInt64(0)) { $0 | UInt64(state[8 * i + $1]) << UInt64(8 * $1) }
    }
  }

  deinit { gsl_rng_free(generator) }

  /// The whole state, little endian, for checkpoints; ``init(state:)`` continues from it.
  public var state: [UInt8] {
    let words = Self.words(of: generator)
    return (0..<Self.stateWords).flatMap { i in (0..<8).map { UInt8(truncatingIfNeeded: words[i] >> UInt64(8 * $0)) } }
  }

  /// 64 random bits.
  public func next() -> UInt64 { UInt64(gsl_rng_get(generator)) }

  /// Uniform in [0, 1), 53 bits.
  public func uniform() -> Double { gsl_rng_uniform(generator) }

  /// Uniform in [lowerBound, upperBound).
  public func uniform(in range: ClosedRange<Double>) -> Double {
    range.lowerBound + (range.upperBound - range.lowerBound) * gsl_rng_uniform(generator)
  }

  /// Normal, with the given mean and standard deviation (polar method).
  public func gaussian(mean: Double = 0, standardDeviation: Double = 1) -> Double {
    mean + gsl_ran_gaussian(generator, standardDeviation)
  }

  /// `count` standard normal numbers, shape [count].
  public func gaussians(_ count: Int) -> [Double] { (0..<count).map { _ in gsl_ran_gaussian(generator, 1) } }

  /// Poisson with the given mean, from 0 to 4·10⁹.
  public func poisson(mean: Double) throws -> Int {
    guard mean >= 0, mean <= 4e9 else {
      throw NumericsError("RandomStream.poisson", .domain, "mean \(mean); expected 0 to 4e9")
    }
    return Int(gsl_ran_poisson(generator, mean))
  }

  /// Number of chosen events among `count`, when each is chosen with the same probability.
  public func binomial(count: Int, probability: Double) throws -> Int {
    guard let events = UInt32(exactly: count), probability >= 0, probability <= 1 else {
      throw NumericsError(
        "RandomStream.binomial", .domain,
        "\(count) events with probability \(probability); expected 0 to \(UInt32.max) and 0 to 1")
    }
    return Int(gsl_ran_binomial(generator, probability, events))
  }

  /// Distributes `count` events over the bins with the given probabilities, shape [bins] → [bins].
  /// - Parameters:
  ///   - count: number of events, at most 2³² − 1.
  ///   - probabilities: not negative; normalised here.
  public func multinomial(count: Int, probabilities: [Double]) throws -> [Int] {
    let operation = "RandomStream.multinomial"
    guard let events = UInt32(exactly: count) else {
      throw NumericsError(operation, .domain, "\(count) events; expected 0 to \(UInt32.max)")
    }
    if let bad = probabilities.firstIndex(where: { !($0 >= 0 && $0.isFinite) }) {
      throw NumericsError(operation, .domain, "probability \(probabilities[bad]) of bin \(bad)")
    }
    guard probabilities.contains(where: { $0 > 0 }) else {
      throw NumericsError(operation, .domain, "no bin has a probability above zero")
    }
    var counts = [UInt32](repeating: 0, count: probabilities.count)
    gsl_ran_multinomial(generator, probabilities.count, events, probabilities, &counts)
    return counts.map(Int.init)
  }

  /// Returns the elements in random order (Fisher–Yates). O(count).
  public func shuffled<Element>(_ elements: [Element]) -> [Element] {
    var result = elements
    for i in stride(from: result.count - 1, to: 0, by: -1) {
      result.swapAt(i, Int(gsl_rng_uniform_int(generator, UInt(i + 1))))
    }
    return result
  }

  /// Hashes the key so that members of one (seed, purpose) never coincide: each step is a bijection of 64 bits.
  static func hash(seed: UInt64, purpose: String, member: Int) -> UInt64 {
    var text: UInt64 = 0xcbf2_9ce4_8422_2325  // FNV-1a
    for byte in purpose.utf8 { text = (text ^ UInt64(byte)) &* 0x100_0000_01b3 }
    var mixed = seed
    mixed = cgsl_splitmix64(&mixed) ^ text
    mixed = cgsl_splitmix64(&mixed) ^ UInt64(bitPattern: Int64(member))
    return cgsl_splitmix64(&mixed)
  }

  private static func allocate() throws -> UnsafeMutablePointer<gsl_rng> {
    NumericsLibrary.prepare()
    return try NumericsLibrary.allocated(cgsl_xoshiro256_alloc(), "RandomStream")
  }

  private static func words(of generator: UnsafeMutablePointer<gsl_rng>) -> UnsafeMutablePointer<UInt64> {
    gsl_rng_state(generator)!.assumingMemoryBound(to: UInt64.self)
  }
}
