// SPDX-License-Identifier: Apache-2.0
using System.Text;

namespace RtlExport.Formats;

/// <summary>
/// A memory image as the block memory generator of Xilinx (PG058, "COE file format") reads it: a line of <c>memory_initialization_radix</c>, then <c>memory_initialization_vector</c> with a value
/// per address, commas between them and a semicolon at the end. What follows a semicolon on its line is a comment.
/// </summary>
internal static class CoeFile
{
    /// <summary>The words of a memory image; its head becomes the comment.</summary>
    public static string Of(string memh)
    {
        string[] lines = memh.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        var text = new StringBuilder();
        text.Append("; ").Append(lines[0].AsSpan("// ".Length)).Append('\n');
        text.Append("memory_initialization_radix=16;\nmemory_initialization_vector=\n");
        return text.AppendJoin(",\n", lines.Skip(1)).Append(";\n").ToString();
    }
}
