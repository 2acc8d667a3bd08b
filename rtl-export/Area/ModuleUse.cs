// SPDX-License-Identifier: Apache-2.0
namespace RtlExport.Area;

/// <summary>Modules of one kind in a design.</summary>
/// <param name="Module">Name in the sources.</param>
/// <param name="Values">Parameters and constants that its area follows from.</param>
/// <param name="Count">How many of them the design has.</param>
public sealed record ModuleUse(string Module, ModuleValues Values, long Count);
