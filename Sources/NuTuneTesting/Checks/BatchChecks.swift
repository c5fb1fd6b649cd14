import NuTuneCore

/// Checks that a call throws an error of NuTune, which says what was found and expected.
func checkRefused<Value>(_ what: String, _ body: () throws -> Value) throws {
  do {
    _ = try body()
  } catch is NuTuneError {
    return
  } catch is NuTuneErrors {
    return
  } catch {
    throw broken(found: "the error “\(error)” for \(what)", expected: "a NuTuneError, which says what was expected")
  }
  throw broken(found: "an answer for \(what)", expected: "an error")
}
