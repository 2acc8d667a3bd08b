// SPDX-License-Identifier: Apache-2.0
namespace RtlExport.Tools;

/// <summary>An RTL simulator that runs a bundle's bench.</summary>
public enum SimulatorKind
{
    /// <summary>Verilator: compiles to C++, two states, fast.</summary>
    Verilator,

    /// <summary>Icarus Verilog: event-driven, four states, starts at once.</summary>
    Icarus,
}
