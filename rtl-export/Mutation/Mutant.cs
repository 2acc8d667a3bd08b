// SPDX-License-Identifier: Apache-2.0
namespace RtlExport.Mutation;

/// <summary>One token of one module replaced by another.</summary>
/// <param name="Module">The module's file.</param>
/// <param name="Line">Line of the token, from 1.</param>
/// <param name="Offset">Where it stands in the file.</param>
/// <param name="Kind">What kind of fault it is: <c>operator</c>, <c>constant</c>, <c>sign</c>, <c>condition</c>, <c>edge</c>, <c>reset</c>, <c>stall</c>.</param>
/// <param name="From">The token.</param>
/// <param name="To">What takes its place.</param>
/// <param name="Source">The line as it was.</param>
public sealed record Mutant(string Module, int Line, int Offset, string Kind, string From, string To, string Source)
{
    /// <summary>The module's text with the fault in it.</summary>
    public string ApplyTo(string text) => string.Concat(text.AsSpan(0, Offset), To, text.AsSpan(Offset + From.Length));
}
