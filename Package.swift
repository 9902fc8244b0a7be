// swift-tools-version: 6.2
import PackageDescription

/// Settings of every Swift target: warnings are errors, existentials are spelt out.
let strict: [SwiftSetting] = [
  .treatAllWarnings(as: .error),
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("MemberImportVisibility"),
  .enableUpcomingFeature("InternalImportsByDefault"),
]

/// `squareRoot()` and `exp` without Foundation need the C maths library on Linux.
let mathLibrary: [LinkerSetting] = [.linkedLibrary("m", .when(platforms: [.linux]))]

let package = Package(
  name: "eaves",
  platforms: [.macOS(.v26)],
  products: [
    .library(name: "Eaves", targets: ["Eaves"]),
    .library(name: "Quantities", targets: ["Quantities"]),
    .library(name: "EavesCatalog", targets: ["EavesCatalog"]),
    .library(name: "EavesBlocks", targets: ["EavesBlocks"]),
    .library(name: "EavesReport", targets: ["EavesReport"]),
    .library(name: "EavesKernels", targets: ["EavesKernels"]),
    .executable(name: "eaves", targets: ["EavesCommand"]),
    .executable(name: "eaves-kernels", targets: ["EavesKernelsCommand"]),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2")
  ],
  targets: [
    .target(name: "Quantities", swiftSettings: strict, linkerSettings: mathLibrary),
    .target(name: "Eaves", dependencies: ["Quantities"], swiftSettings: strict),
    .target(name: "EavesBlocks", dependencies: ["Eaves"], swiftSettings: strict),
    .target(
      name: "EavesCatalog", dependencies: ["Eaves", "EavesBlocks", "Quantities"],
      swiftSettings: strict,
      plugins: ["EmbedData"]),
    .target(name: "EavesReport", dependencies: ["Eaves", "Quantities"], swiftSettings: strict),
    .systemLibrary(
      name: "COpenBLAS", pkgConfig: "openblas",
      providers: [.apt(["libopenblas-dev"]), .brew(["openblas"])]),
    .target(
      name: "EavesKernels", dependencies: ["Eaves", "EavesBlocks", "Quantities", "COpenBLAS"],
      swiftSettings: strict),
    .executableTarget(
      name: "EavesCommand",
      dependencies: [
        "Eaves", "EavesCatalog", "EavesReport", "Quantities",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ],
      swiftSettings: strict),
    .executableTarget(
      name: "EavesKernelsCommand",
      dependencies: [
        "Eaves", "EavesBlocks", "EavesCatalog", "EavesKernels", "EavesReport", "Quantities",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ],
      swiftSettings: strict),
    .executableTarget(
      name: "EmbedDataGenerator", path: "Plugins/EmbedDataGenerator", swiftSettings: strict),
    .plugin(
      name: "EmbedData", capability: .buildTool(), dependencies: ["EmbedDataGenerator"]),

    .testTarget(name: "QuantitiesTests", dependencies: ["Quantities"], swiftSettings: strict),
    .testTarget(
      name: "EavesTests", dependencies: ["Eaves", "EavesCatalog", "Quantities"],
      swiftSettings: strict),
    .testTarget(
      name: "EavesBlocksTests", dependencies: ["Eaves", "EavesBlocks", "EavesCatalog"],
      swiftSettings: strict),
    .testTarget(
      name: "EavesCatalogTests",
      dependencies: ["Eaves", "EavesCatalog", "EavesReport", "Quantities"],
      exclude: ["Fixtures"], swiftSettings: strict),
    .testTarget(
      name: "EavesReportTests",
      dependencies: ["Eaves", "EavesCatalog", "EavesReport", "Quantities"],
      swiftSettings: strict),
    .testTarget(
      name: "EavesKernelsTests",
      dependencies: ["Eaves", "EavesBlocks", "EavesCatalog", "EavesKernels", "Quantities"],
      swiftSettings: strict),
    .testTarget(
      name: "EavesCommandTests",
      dependencies: [
        "Eaves", "EavesCatalog", "EavesCommand", "EavesKernelsCommand", "EavesReport",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ],
      exclude: ["Snapshots"], swiftSettings: strict),
  ],
  swiftLanguageModes: [.v6]
)
