// swift-format-ignore-file: AlwaysUseLowerCamelCase

import CNuTune
import NuTuneCore

// The functions that nutune.h declares for cross sections, with which the compiler compares them.

/// See `nutune_model_open` in nutune.h.
@c @implementation
public func nutune_model_open(
  _ context: OpaquePointer, _ name: UnsafePointer<CChar>, _ settings: UnsafePointer<UnsafePointer<CChar>?>?,
  _ settingCount: Int, _ model: UnsafeMutablePointer<OpaquePointer?>,
  _ message: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>
) -> Int32 {
  Failure.reported(to: message) {
    model.pointee = Handle.make(
      try CrossSection(
        CText.text(name), settings: CText.list(settings, count: settingCount), in: Handle.object(context)))
  }
}

/// See `nutune_model_describe` in nutune.h.
@c @implementation
public func nutune_model_describe(
  _ model: OpaquePointer, _ json: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>,
  _ message: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>
) -> Int32 {
  Failure.reported(to: message) {
    json.pointee = try CText.json(Handle.object(model, CrossSection.self).description)
  }
}

/// See `nutune_model_cross_section` in nutune.h.
@c @implementation
public func nutune_model_cross_section(
  _ model: OpaquePointer, _ channel: UnsafePointer<CChar>, _ target: UnsafePointer<CChar>, _ count: Int,
  _ neutrinoEnergy: UnsafePointer<Double>, _ leptonEnergy: UnsafePointer<Double>,
  _ cosTheta: UnsafePointer<Double>, _ result: UnsafeMutablePointer<Double>,
  _ message: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>
) -> Int32 {
  Failure.reported(to: message) {
    let points = KinematicPoints(
      neutrinoEnergy: CArray.values(neutrinoEnergy, count), leptonEnergy: CArray.values(leptonEnergy, count),
      cosTheta: CArray.values(cosTheta, count))
    let object = Handle.object(model, CrossSection.self)
    result.update(from: try object.values(CText.text(channel), CText.text(target), at: points), count: count)
  }
}

/// See `nutune_model_total_cross_section` in nutune.h.
@c @implementation
public func nutune_model_total_cross_section(
  _ model: OpaquePointer, _ channel: UnsafePointer<CChar>, _ target: UnsafePointer<CChar>, _ count: Int,
  _ neutrinoEnergy: UnsafePointer<Double>, _ result: UnsafeMutablePointer<Double>,
  _ message: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>
) -> Int32 {
  Failure.reported(to: message) {
    let energies = UnsafeBufferPointer(start: neutrinoEnergy, count: count)
    let object = Handle.object(model, CrossSection.self)
    result.update(from: try object.totals(CText.text(channel), CText.text(target), at: energies), count: count)
  }
}

/// See `nutune_model_structure_functions` in nutune.h.
@c @implementation
public func nutune_model_structure_functions(
  _ model: OpaquePointer, _ channel: UnsafePointer<CChar>, _ target: UnsafePointer<CChar>, _ count: Int,
  _ omega: UnsafePointer<Double>, _ q2: UnsafePointer<Double>, _ result: UnsafeMutablePointer<Double>,
  _ message: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>
) -> Int32 {
  Failure.reported(to: message) {
    let points = InvariantPoints(omega: CArray.values(omega, count), q2: CArray.values(q2, count))
    let found = try Handle.object(model, CrossSection.self).structureFunctions(
      CText.text(channel), CText.text(target), at: points)
    CArray.write(found.w, to: result)
  }
}
