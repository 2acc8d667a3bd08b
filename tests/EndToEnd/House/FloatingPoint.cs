// SPDX-License-Identifier: Apache-2.0
using System.Reflection;
using System.Reflection.Emit;

namespace EndToEnd.House;

/// <summary>Finds floating point in compiled types: in what they are declared with, in locals and calls, and in instructions that make or convert such values.</summary>
internal static class FloatingPoint
{
    private static readonly Type[] Types = [typeof(float), typeof(double), typeof(Half), typeof(decimal)];

    private static readonly OpCode[] Codes =
    [
        OpCodes.Ldc_R4, OpCodes.Ldc_R8, OpCodes.Conv_R4, OpCodes.Conv_R8, OpCodes.Conv_R_Un,
        OpCodes.Ldelem_R4, OpCodes.Ldelem_R8, OpCodes.Stelem_R4, OpCodes.Stelem_R8,
        OpCodes.Ldind_R4, OpCodes.Ldind_R8, OpCodes.Stind_R4, OpCodes.Stind_R8,
    ];

    /// <summary>Places of <paramref name="type"/> and the types inside it, as <c>Type.member</c>, each once.</summary>
    public static IEnumerable<string> In(Type type) =>
        TypeUses.Of(type).Where(use => Types.Contains(use.Used)).Select(use => use.Where)
            .Concat(Instructions(type))
            .Distinct()
            .Order(StringComparer.Ordinal)
            .Select(where => $"{type.FullName}.{where}");

    private static IEnumerable<string> Instructions(Type type) =>
        TypeUses.Methods(type).Where(method => Il.Instructions(method).Any(instruction => Codes.Contains(instruction.Code))).Select(method => method.Name)
            .Concat(type.GetNestedTypes(BindingFlags.Public | BindingFlags.NonPublic).SelectMany(Instructions));
}
