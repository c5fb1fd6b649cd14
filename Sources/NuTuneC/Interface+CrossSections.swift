import CNuTune
import NuTuneCore

// The functions that nutune.h declares for cross sections; see there.

@c @implementation
public func nutune_model_open(
  _ context: OpaquePointer, _ name: UnsafePointer<CChar>, _ settings: UnsafePointer<UnsafePointer<CChar>?>?,
  _ setting_count: Int, _ model: UnsafeMutablePointer<OpaquePointer?>,
  _ message: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>
) -> Int32 {
  Failure.reported(to: message) {
    model.pointee = Handle.make(
      try CrossSection(
        CText.text(name), settings: CText.list(settings, count: setting_count), in: Handle.object(context)))
  }
}

@c @implementation
public func nutune_model_describe(
  _ model: OpaquePointer, _ json: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>,
  _ message: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>
) -> Int32 {
  Failure.reported(to: message) {
    json.pointee = try CText.json(Handle.object(model, CrossSection.self).description)
  }
}

@c @implementation
public func nutune_model_cross_section(
  _ model: OpaquePointer, _ channel: UnsafePointer<CChar>, _ target: UnsafePointer<CChar>, _ count: Int,
  _ neutrino_energy: UnsafePointer<Double>, _ lepton_energy: UnsafePointer<Double>,
  _ cos_theta: UnsafePointer<Double>, _ result: UnsafeMutablePointer<Double>,
  _ message: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>
) -> Int32 {
  Failure.reported(to: message) {
    let points = KinematicPoints(
      neutrinoEnergy: CArray.values(neutrino_energy, count), leptonEnergy: CArray.values(lepton_energy, count),
      cosTheta: CArray.values(cos_theta, count))
    let object = Handle.object(model, CrossSection.self)
    result.update(from: try object.values(CText.text(channel), CText.text(target), at: points), count: count)
  }
}

@c @implementation
public func nutune_model_total_cross_section(
  _ model: OpaquePointer, _ channel: UnsafePointer<CChar>, _ target: UnsafePointer<CChar>, _ count: Int,
  _ neutrino_energy: UnsafePointer<Double>, _ result: UnsafeMutablePointer<Double>,
  _ message: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>
) -> Int32 {
  Failure.reported(to: message) {
    let energies = UnsafeBufferPointer(start: neutrino_energy, count: count)
    let object = Handle.object(model, CrossSection.self)
    result.update(from: try object.totals(CText.text(channel), CText.text(target), at: energies), count: count)
  }
}

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
