// SPDX-License-Identifier: Apache-2.0
using System.Globalization;

namespace RtlExport.Parameters;

/// <summary>How a parameter is declared in SystemVerilog.</summary>
public enum ParameterType
{
    /// <summary><c>localparam int</c>.</summary>
    Int,

    /// <summary><c>localparam bit</c>.</summary>
    Bit,
}

/// <summary>One named constant of the hardware; the same name in the SystemVerilog package, both headers and the JSON file.</summary>
/// <param name="Name">Name in upper camel case: the path of the specification's keys, or a derived quantity.</param>
/// <param name="Type">Its type.</param>
/// <param name="Value">Its value; 0 or 1 for a bit.</param>
/// <param name="Comment">Unit or formula.</param>
public sealed record HardwareParameter(string Name, ParameterType Type, int Value, string Comment)
{
    /// <summary>The name as C and Verilog macros spell it: <c>ArrayWeightWidth</c> becomes <c>ARRAY_WEIGHT_WIDTH</c>.</summary>
    public string MacroName => string.Concat(Name.Select((c, i) => i > 0 && char.IsUpper(c) ? "_" + c : char.ToUpperInvariant(c).ToString()));

    /// <summary>The value in decimal.</summary>
    public string Text => Value.ToString(CultureInfo.InvariantCulture);
}
