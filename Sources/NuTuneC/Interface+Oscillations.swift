// swift-format-ignore-file: AlwaysUseLowerCamelCase

import CNuTune
import NuTuneCore

// The functions that nutune.h declares for oscillations, with which the compiler compares them.

/// See `nutune_oscillation_open` in nutune.h.
@c @implementation
public func nutune_oscillation_open(
  _ context: OpaquePointer, _ name: UnsafePointer<CChar>, _ preset: UnsafePointer<CChar>?,
  _ settings: UnsafePointer<UnsafePointer<CChar>?>?, _ settingCount: Int,
  _ oscillation: UnsafeMutablePointer<OpaquePointer?>, _ message: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>
) -> Int32 {
  Failure.reported(to: message) {
    oscillation.pointee = Handle.make(
      try Oscillation(
        CText.text(name), preset: preset.map(CText.text), settings: CText.list(settings, count: settingCount),
        in: Handle.object(context)))
  }
}

/// See `nutune_oscillation_describe` in nutune.h.
@c @implementation
public func nutune_oscillation_describe(
  _ oscillation: OpaquePointer, _ json: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>,
  _ message: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>
) -> Int32 {
  Failure.reported(to: message) {
    json.pointee = try CText.json(try Handle.object(oscillation, Oscillation.self).description())
  }
}

/// See `nutune_oscillation_probabilities` in nutune.h.
@c @implementation
public func nutune_oscillation_probabilities(
  _ oscillation: OpaquePointer, _ baseline: Double, _ density: Double, _ electronFraction: Double,
  _ antineutrino: Int32, _ count: Int, _ energy: UnsafePointer<Double>, _ result: UnsafeMutablePointer<Double>,
  _ message: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>
) -> Int32 {
  Failure.reported(to: message) {
    try Handle.object(oscillation, Oscillation.self).write(
      antineutrino == 0 ? .neutrino : .antineutrino,
      over: Baseline(length: baseline, density: density, electronFraction: electronFraction),
      at: UnsafeBufferPointer(start: energy, count: count), to: result)
  }
}
