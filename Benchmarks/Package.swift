// swift-tools-version: 6.2
import PackageDescription

let package = Package(
  name: "eaves-benchmarks",
  platforms: [.macOS(.v26)],
  dependencies: [.package(name: "eaves", path: "..")],
  targets: [
    .executableTarget(
      name: "EavesBenchmarks",
      dependencies: [
        .product(name: "Eaves", package: "eaves"),
        .product(name: "EavesCatalog", package: "eaves"),
        .product(name: "EavesReport", package: "eaves"),
        .product(name: "Quantities", package: "eaves"),
      ],
      swiftSettings: [
        .treatAllWarnings(as: .error),
        .enableUpcomingFeature("ExistentialAny"),
        .enableUpcomingFeature("MemberImportVisibility"),
        .enableUpcomingFeature("InternalImportsByDefault"),
      ]),
    .executableTarget(
      name: "KernelSpeeds",
      dependencies: [.product(name: "EavesKernels", package: "eaves")],
      swiftSettings: [
        .treatAllWarnings(as: .error),
        .enableUpcomingFeature("ExistentialAny"),
        .enableUpcomingFeature("MemberImportVisibility"),
        .enableUpcomingFeature("InternalImportsByDefault"),
      ]),
  ],
  swiftLanguageModes: [.v6]
)
